// One line for each *Request in keys.schema.json: its validator, typed by what it lets through.
export {}
