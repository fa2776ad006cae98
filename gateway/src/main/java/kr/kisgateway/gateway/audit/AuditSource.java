package kr.kisgateway.gateway.audit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Where a call was made. */
public enum AuditSource {
    /** At the gateway's API. */
    API,
    /** At the KIS-compatible port. */
    FACE,
    /** By a messenger. */
    CHAT,
    /** At KIS, by the gateway. */
    KIS,
    /** Nowhere: the gateway reports something about itself. */
    GATEWAY;

    /** The word in rows and answers. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The source called {@code name}. */
    public static Optional<AuditSource> of(String name) {
        return Arrays.stream(values()).filter(it -> it.wireName().equals(name)).findFirst();
    }
}
