package kr.kisgateway.gateway.session;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The current blockers of trading, in the words of the API ({@code WS_DISCONNECTED}, {@code RECONCILING} …). */
public final class Readiness {
    private final SessionView session;
    private final Restrictions restrictions;
    private final Supplier<List<String>> others;

    /**
     * Restrictions by the settings; only a restart with other settings changes them.
     *
     * @param missing settings that trading needs and that are not set accordingly
     * @param blockers the blockers that follow from the settings, as {@code LIVE_DISABLED}
     */
    public record Restrictions(List<String> missing, List<String> blockers) {
        public Restrictions {
            missing = List.copyOf(missing);
            blockers = List.copyOf(blockers);
        }

        /** Settings that allow everything. */
        public static Restrictions none() {
            return new Restrictions(List.of(), List.of());
        }
    }

    /** @param others blockers of other capabilities: reconciliation, journal, kill switch */
    public Readiness(SessionView session, Restrictions restrictions, Supplier<List<String>> others) {
        this.session = session;
        this.restrictions = restrictions;
        this.others = others;
    }

    /** Empty when the gateway can trade. */
    public List<String> blockers() {
        return Stream.concat(restrictions.blockers().stream(), transientBlockers().stream())
                .toList();
    }

    /** The blockers that may end while the gateway runs: a readiness probe waits for these alone. */
    List<String> transientBlockers() {
        var status = session.status();
        var blockers = new ArrayList<String>();
        if (status.takenOver()) {
            blockers.add("NOT_OWNER");
        }
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

    /** Settings that trading needs and that are not set accordingly. */
    List<String> missing() {
        return restrictions.missing();
    }
}
