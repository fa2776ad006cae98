package kr.kisgateway.gateway.session;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What keeps the gateway from trading now, by the words of the API ({@code WS_DISCONNECTED}, {@code RECONCILING} …). */
public final class Readiness {
    private final SessionView session;
    private final Supplier<List<String>> others;

    /** @param others blockers of other capabilities: reconciliation, journal, kill switch */
    public Readiness(SessionView session, Supplier<List<String>> others) {
        this.session = session;
        this.others = others;
    }

    /** Empty when the gateway can trade. */
    public List<String> blockers() {
        var status = session.status();
        var blockers = new ArrayList<String>();
        if (!status.connected()) {
            blockers.add("WS_DISCONNECTED");
        }
        if (status.lastError().isPresent()) {
            blockers.add("WS_ERROR_PRESENT");
        }
        if (status.tokenExpiresAt().isEmpty()) {
            blockers.add("TOKEN_UNAVAILABLE");
        }
        blockers.addAll(others.get());
        return blockers;
    }
}
