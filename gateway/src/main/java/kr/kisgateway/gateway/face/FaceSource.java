package kr.kisgateway.gateway.face;

import java.util.Locale;

/** Where an answer of the face came from. */
enum FaceSource {
    /** A value that KIS pushed or the gateway polled. */
    HELD,
    /** The answer to an equal question, at most seconds old. */
    CACHE,
    /** The answer to an equal question that another call was asking KIS. */
    COALESCED,
    /** KIS: a call of the budget. */
    KIS,
    /** The gateway: logins, hash keys, its reserved orders, and what it refuses. */
    GATEWAY;

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
