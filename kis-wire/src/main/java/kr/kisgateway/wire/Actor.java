package kr.kisgateway.wire;

/** Who must act on a code. */
public enum Actor {
    /** Nobody: it is a success, or the program handles it by itself. */
    NOBODY,
    /** Whoever made the request: it has to change. */
    CALLER,
    /** The operator: keys, accounts, configuration, a look-up. */
    OPERATOR,
    /** The broker: it is their trouble, waiting is all there is. */
    KIS,
    /** The programmer: a correct program never gets this. */
    DEVELOPER
}
