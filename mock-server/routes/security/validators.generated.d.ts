// One line for each *Request in security.schema.json: its validator, typed by what it lets through.
export {}
