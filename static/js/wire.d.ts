/** Made by wire-types.mjs of the OpenAPI document; never changed by hand. */

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Problem: {
            code: string;
            message: string;
            fields: {
                [key: string]: string;
            };
        };
        PaginationMetadata: {
            /** @description Total number of items. */
            total?: number;
            /** @description Total number of pages. */
            total_pages?: number;
            /** @description First available page number. */
            first_page?: number;
            /** @description Last available page number. */
            last_page?: number;
            /** @description Current page number. */
            page?: number;
            /** @description Previous page number. */
            previous_page?: number;
            /** @description Next page number. */
            next_page?: number;
        };
        Ping: {
            toucha: string;
            time: string;
        };
        Ready: {
            ready: boolean;
            reasons: string[];
        };
        Holding: {
            /** @default 0 */
            records: number;
            /** @default 0 */
            photos: number;
            /**
             * Format: date-time
             * @default null
             */
            oldest: string | null;
        };
        Loss: {
            sha256: string;
            /** @enum {string} */
            reason: "gone" | "damaged" | "refused";
        };
        Push: {
            /**
             * Format: date-time
             * @default null
             */
            device_time: string | null;
            /** @default null */
            holding: components["schemas"]["Holding"] | (Record<string, never> | null);
            heads?: {
                [key: string]: unknown[];
            };
            /** @description The heads that the last answered push told: all that the phone had sent stands below them */
            confirmed?: {
                [key: string]: unknown[];
            };
            /**
             * @description zh or en, where the person chose one on this phone since the last push
             * @default null
             */
            language: string | null;
            /** @description Photos whose bytes are gone or damaged on the phone, or that the server refused */
            lost?: components["schemas"]["Loss"][];
            /** @description Ids of notices that the person has seen on this phone */
            seen?: string[];
            facts?: {
                /** Format: uuid */
                id: string;
                open: string;
                personal?: string;
                salt: string;
                digest: string;
            }[];
        };
        Result: {
            id: string;
            /** @enum {string} */
            state: "stored" | "known" | "conflict" | "waiting" | "refused";
            held: string | null;
            problem: (Record<string, never> | null) | components["schemas"]["Problem"];
            photos_missing: string[];
        };
        PushAnswer: {
            server_time: string;
            skew_ms: number | null;
            results: components["schemas"]["Result"][];
            /** @description {unit: [number, hash]} of the journals' last rows, to be sent as `confirmed` */
            heads: {
                [key: string]: unknown[];
            };
            /** @description Units whose journal lacks a row that the phone saw, as after a restore: it sends all again */
            rewound: string[];
        };
        PullAnswer: {
            cursor: string;
            complete: boolean;
            server_time: string;
            version: string;
            person?: {
                /** Format: uuid */
                id: string;
                name: string;
                login: string;
                language: string;
                roles: {
                    role: string;
                    unit: string;
                }[];
            };
            kinds?: {
                code: string;
                zh: string;
                en: string;
                type: string;
                subject: string;
                list: string | null;
                class: string | null;
                about: boolean;
                period: string | null;
                levels: string[];
                photo: string;
                position: boolean;
                batch: number | null;
                roles: string[];
                criteria: {
                    code: string;
                    zh: string;
                    en: string;
                    fail_zh: string;
                    fail_en: string;
                    group: string | null;
                    severity: string;
                }[];
                groups: {
                    code: string;
                    zh: string;
                    en: string;
                    class: string | null;
                }[];
                methods: string[];
                classes: string[];
                tag: string;
                strata: {
                    code: string;
                    zh: string;
                    en: string;
                    distinct: string | null;
                }[];
                fields: {
                    code: string;
                    zh: string;
                    en: string;
                    type: string;
                    required: boolean;
                    options?: {
                        code: string;
                        zh: string;
                        en: string;
                    }[];
                }[];
                sums: {
                    came: string[];
                    went: string[];
                } | null;
            }[];
            classes?: {
                code: string;
                zh: string;
                en: string;
                numbered: boolean;
            }[];
            case_rules?: {
                types: {
                    code: string;
                    zh: string;
                    en: string;
                    states: {
                        code: string;
                        zh: string;
                        en: string;
                        ends: boolean;
                    }[];
                    moves: {
                        code: string;
                        zh: string;
                        en: string;
                        done_zh: string;
                        done_en: string;
                        needs: string[];
                        to: string | null;
                    }[];
                }[];
                severities: {
                    code: string;
                    zh: string;
                    en: string;
                }[];
                causes: {
                    code: string;
                    zh: string;
                    en: string;
                }[];
            };
            /** @description The Measures' own words for each duty that asks one of the person's roles for something */
            articles?: {
                code: string;
                zh: string;
                en: string;
                article: string;
            }[];
            /** @description What the person is told, the latest first; absent: as the phone has it */
            notices?: {
                /** Format: uuid */
                id: string;
                code: string;
                zh: string;
                en: string;
                grave: boolean;
                /** Format: date-time */
                at: string;
                seen: boolean;
                address: string;
            }[];
            sections: ({
                unit: string;
                /** @enum {string} */
                name: "unit";
                rows: {
                    code: string;
                    name: string;
                    level: string;
                    setting: string | null;
                    /** Format: date */
                    closed: string | null;
                    roles: string[];
                    /** @description [seq, hash] */
                    head: unknown[] | null;
                    above: string[];
                    checked_for: string | null;
                    routes: {
                        /** Format: uuid */
                        id: string;
                        code: string;
                        name: string;
                        mine: boolean;
                    }[];
                }[];
            } | {
                unit: string;
                /** @enum {string} */
                name: "points";
                rows: {
                    /** Format: uuid */
                    id: string;
                    name: string;
                    initials: string;
                    kind: string;
                    address: string | null;
                    keeper: string | null;
                    contact: string | null;
                    note: string | null;
                    /** Format: uuid */
                    route: string | null;
                    agreement: string;
                    latitude: number | null;
                    longitude: number | null;
                    photo: string | null;
                    /** Format: date */
                    closed: string | null;
                    /** Format: date */
                    closes: string | null;
                    /** Format: date */
                    checked: string | null;
                    /** Format: date */
                    confirmed: string | null;
                }[];
            } | {
                unit: string;
                /** @enum {string} */
                name: "draws";
                rows: {
                    /** Format: uuid */
                    manifest: string;
                    /** Format: date */
                    day: string;
                    announced: boolean;
                    items: {
                        number: string;
                        class: string;
                        route: string | null;
                        tag: string | null;
                        name: string | null;
                        rank: number;
                        mine: boolean;
                        captured: boolean;
                        judged: boolean;
                    }[];
                }[];
            } | {
                unit: string;
                /** @enum {string} */
                name: "captures";
                rows: {
                    /** Format: uuid */
                    id: string;
                    /** Format: date */
                    day: string;
                    author: {
                        /** Format: uuid */
                        id: string;
                        name: string;
                    };
                    items: {
                        subject: string;
                        class: string | null;
                        photos: {
                            sha256: string;
                            size: number;
                            type: string;
                        }[];
                        voice: {
                            sha256: string;
                            size: number;
                            type: string;
                            seconds: number;
                        } | null;
                    }[];
                }[];
            } | {
                unit: string;
                /** @enum {string} */
                name: "checked";
                rows: {
                    kind: string;
                    subject: string;
                    /** Format: date */
                    day: string;
                }[];
            } | {
                unit: string;
                /** @enum {string} */
                name: "records";
                rows: {
                    /** Format: uuid */
                    id: string;
                    type: string;
                    kind: string;
                    acting: string;
                    /** Format: date */
                    day: string;
                    items: number;
                    state: string;
                    held: string | null;
                    days: {
                        /** Format: date */
                        first: string | null;
                        /** Format: date */
                        last: string;
                    } | null;
                    photos_missing: string[];
                    conflict: boolean;
                    judged: boolean;
                    /** Format: uuid */
                    amends: string | null;
                    own: string[];
                }[];
            } | {
                unit: string;
                /** @enum {string} */
                name: "duties";
                rows: {
                    code: string;
                    article: string;
                    zh: string;
                    en: string;
                    kind: string | null;
                    period: string;
                    required: number | null;
                    done: number;
                    measure: string;
                    items: number;
                    /** Format: date-time */
                    closes_at: string;
                    status: string;
                    batch: number | null;
                    roles: string[];
                    strata: {
                        [key: string]: number;
                    } | null;
                    why: {
                        zh: string;
                        en: string;
                    }[];
                    days: {
                        /** Format: date */
                        day: string;
                        counts: boolean;
                        zh: string;
                        en: string;
                    }[];
                    pairs: boolean;
                    kinds: string[];
                    covered: {
                        unit: string;
                        name: string;
                        setting: string | null;
                        counts: boolean;
                        left: boolean;
                        done: number;
                        required: number;
                        zh: string;
                        en: string;
                    }[] | null;
                    parts: {
                        setting: string | null;
                        required: number;
                        done: number;
                    }[];
                    each: {
                        methods: string[];
                        groups: string[];
                        header: string[];
                        items: number | null;
                        points: number | null;
                        strata: string[];
                        daily: boolean;
                        told: boolean;
                    } | null;
                }[];
            } | {
                unit: string;
                /** @enum {string} */
                name: "below";
                rows: {
                    code: string;
                    name: string;
                    level: string;
                    setting: string | null;
                    above: string[];
                    services: string[];
                    points: number;
                    latitude: number | null;
                    longitude: number | null;
                }[];
            } | {
                unit: string;
                /** @enum {string} */
                name: "problems";
                rows: {
                    /** Format: uuid */
                    inspection: string;
                    ordinal: number;
                    kind: string;
                    subject: string;
                    criteria: string[];
                    /** Format: date */
                    day: string;
                    /** Format: date */
                    found: string;
                    raised: {
                        [key: string]: string;
                    };
                }[];
            } | {
                unit: string;
                /** @enum {string} */
                name: "volumes";
                rows: {
                    /** Format: date */
                    day: string;
                    volumes: {
                        [key: string]: {
                            items: number | null;
                            returned: number | null;
                        };
                    };
                    returned: number | null;
                    source: string | null;
                }[];
            } | {
                unit: string;
                /** @enum {string} */
                name: "returns";
                rows: {
                    /** Format: date */
                    day: string;
                    number: string;
                    class: string;
                    reason: string | null;
                    mine: boolean;
                    judged: boolean;
                }[];
            } | {
                unit: string;
                /** @enum {string} */
                name: "learned";
                rows: {
                    kind: string;
                    /** Format: date */
                    day: string;
                    /** Format: date */
                    checked: string;
                    number: string;
                    verdict: string;
                    criteria: string[];
                }[];
            } | {
                unit: string;
                /** @enum {string} */
                name: "balances";
                rows: {
                    /** Format: date */
                    day: string;
                    carried: number | null;
                    numbers: string[];
                }[];
            } | {
                unit: string;
                /** @enum {string} */
                name: "watch";
                rows: {
                    /** Format: date */
                    day: string;
                    subject: string;
                    class: string | null;
                    /** Format: uuid */
                    route: string | null;
                    tag: string | null;
                    drawn: boolean;
                    /** Format: uuid */
                    fact: string;
                    judged: boolean;
                }[];
            } | {
                unit: string;
                /** @enum {string} */
                name: "people";
                rows: {
                    /** Format: uuid */
                    id: string;
                    name: string;
                    roles: string[];
                }[];
            } | {
                unit: string;
                /** @enum {string} */
                name: "listed";
                rows: {
                    duty: string;
                    kind: string;
                    /** Format: date */
                    day: string;
                    key: string;
                    marks: string;
                    own: string;
                    classes: string[] | null;
                    least: number | null;
                }[];
            } | {
                unit: string;
                /** @enum {string} */
                name: "requirements";
                rows: {
                    /** Format: uuid */
                    fact: string;
                    row: number;
                    text: string;
                    /** Format: date */
                    day: string;
                    kind: string;
                }[];
            } | {
                unit: string;
                /** @enum {string} */
                name: "cases";
                rows: {
                    /** Format: uuid */
                    id: string;
                    type: string;
                    state: string;
                    number: string | null;
                    kind: string | null;
                    criterion: string | null;
                    severity: string;
                    recurs: boolean;
                    place: {
                        kind: string;
                        name: string | null;
                    };
                    subjects: string[];
                    count: number;
                    /** Format: date */
                    found: string;
                    /** Format: date */
                    opened: string;
                    by: {
                        unit: string;
                        name: string;
                    };
                    finder: string | null;
                    owner: {
                        /** Format: uuid */
                        id: string;
                        name: string | null;
                    } | null;
                    mine: boolean;
                    ended: boolean;
                    late: string | null;
                    /** Format: date */
                    deadline: string | null;
                    /** Format: date */
                    due: string | null;
                    asked: boolean;
                    /** Format: uuid */
                    parent: string | null;
                    text: string | null;
                    about: {
                        zh: string;
                        en: string;
                    } | null;
                    photos: {
                        sha256: string;
                        size: number;
                        type: string;
                    }[];
                    voices: {
                        sha256: string;
                        size: number;
                        type: string;
                        seconds: number;
                    }[];
                    may: {
                        move: string;
                        acting: string;
                        /** Format: date */
                        until: string | null;
                        days: {
                            /** Format: date */
                            first: string;
                            /** Format: date */
                            last: string;
                        } | null;
                    }[];
                    desk: boolean;
                    history: {
                        /** Format: uuid */
                        id: string;
                        move: string;
                        /** Format: date */
                        day: string;
                        author: string;
                        unit: string;
                        text: string | null;
                        cause: string | null;
                        /** Format: date */
                        until: string | null;
                        owner: string | null;
                        photos: {
                            sha256: string;
                            size: number;
                            type: string;
                        }[];
                    }[];
                }[];
            })[];
        };
        PhotoAnswer: {
            sha256: string;
            state: string;
        };
        Incomplete: {
            phones: number;
            records: number;
            photos: number;
        };
        LedgerLine: {
            duty: string;
            article: string;
            title: string;
            measure: string;
            required: number | null;
            done: number;
            items: number;
            passed: number;
            failed: number;
            drawn: number;
            drawn_passed: number;
            interval: number[] | null;
            announced: number;
            self_chosen: number;
            withdrawn: number;
            voided: number;
            problems: number;
            status: string;
            lines: {
                [key: string]: number;
            };
            why: string[];
        };
        LedgerAnswer: {
            unit: string;
            name: string;
            period: string;
            first: string;
            last: string;
            incomplete: components["schemas"]["Incomplete"];
            ledger: components["schemas"]["LedgerLine"][];
            /** @description What the unit itself owes and did [15, 16], in no figure of `ledger`; of a department nothing */
            own: components["schemas"]["LedgerLine"][];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
