// One line for each *Request in people.schema.json: its validator, typed by what it lets through.
export {}
