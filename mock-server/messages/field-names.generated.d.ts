/** Every field name of the protocol: what may be named in a sentence without repeating the sender. */
export declare const FIELD_NAMES: ReadonlySet<string>
