// esbuild takes style sheets in; the compiler only has to know that there are some.
declare module '*.css'
