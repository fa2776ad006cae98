package kr.kisgateway.wire;

/** Who must act on a code. */
public enum Actor {
    /** No action is needed: it is a success, or the program handles it by itself. */
    NOBODY,
    /** The caller: the request has to change. */
    CALLER,
    /** The operator: keys, accounts, configuration, a look-up. */
    OPERATOR,
    /** The broker: the failure is theirs, only waiting helps. */
    KIS,
    /** The programmer: a correct program never gets this. */
    DEVELOPER
}
