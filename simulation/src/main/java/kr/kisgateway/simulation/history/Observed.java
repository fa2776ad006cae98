package kr.kisgateway.simulation.history;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.simulation.history.HistoryChecker.Booked;
import kr.kisgateway.simulation.history.HistoryChecker.Called;
import kr.kisgateway.simulation.history.HistoryChecker.Print;
import kr.kisgateway.simulation.history.HistoryChecker.Shown;

/**
 * A day of which every step was seen.
 *
 * @param calls orders that clients asked for
 * @param cancels cancels that clients asked for
 * @param shown orders as the gateway has them
 * @param book orders as the broker's file has them
 * @param told answers that clients were given
 * @param left calls that left for the broker
 * @param published cursors that the stream was told
 * @param alerts what operators were told
 * @param ours money and shares as the gateway's orders add up
 * @param theirs the same as the broker booked it
 * @param read the same as the gateway last read it from the broker, if it did after everything came to rest
 * @param bounds what may never be exceeded
 * @param clockSteps when the gateway's clock jumped: who paces by a clock that jumps loses count of that second
 * @param closed whether the session is over, so that every order must have ended
 */
public record Observed(
        List<Called> calls,
        List<Cancel> cancels,
        List<Shown> shown,
        List<Booked> book,
        List<Told> told,
        List<Left> left,
        List<Published> published,
        List<String> alerts,
        Traded ours,
        Traded theirs,
        Optional<Traded> read,
        Bounds bounds,
        List<Instant> clockSteps,
        boolean closed) {

    /** A cancel of an order; {@code accepted} when the client heard so. */
    public record Cancel(String orderId, String key, boolean accepted) {}

    /**
     * An acknowledgement.
     *
     * @param durable whether the acceptance was on disk when the client was told
     */
    public record Told(String key, String orderId, boolean durable) {}

    /**
     * A call whose first byte left.
     *
     * @param at in true time
     * @param clock the same moment on the gateway's clock
     * @param life which process of the day sent it
     * @param ledger whether it counts for the ledger's limit too
     * @param placed what it placed, if it was a placing
     * @param durable whether the journal on disk said that it would leave
     */
    public record Left(Instant at, Instant clock, int life, boolean ledger, Optional<Print> placed, boolean durable) {}

    /** A journal cursor that the stream was told, with the process that told it. */
    public record Published(String stream, long seq, int life) {}

    /** Won bought and sold today, and shares held by symbol, those of none left out. */
    public record Traded(long bought, long sold, Map<String, Long> positions) {}

    /**
     * @param callsPerSecond in any second
     * @param ledgerPerSecond of these, to the ledger
     * @param dailyOrders that may be accepted
     * @param maxQty shares of one buy
     */
    public record Bounds(int callsPerSecond, int ledgerPerSecond, long dailyOrders, long maxQty) {}
}
