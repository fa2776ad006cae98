package kr.kisgateway.client;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.parse.BalanceAnswer;
import kr.kisgateway.wire.parse.DailyOrderRow;
import kr.kisgateway.wire.parse.PriceAnswer;

/** One app key at work: its token, its call budget, its REST calls and its realtime session. */
public final class KisClient implements AutoCloseable {
    private KisClient() {}

    /** Opens a client that touches neither network nor disk before {@link #start}. */
    public static KisClient open(KisConfig config, InstantSource clock, KisListener listener) {
        throw new UnsupportedOperationException();
    }

    /** Fetches the token and opens the realtime session, both in the background and again whenever needed. */
    public void start() {
        throw new UnsupportedOperationException();
    }

    /** The queue in which every call waits for its slot. */
    public CallBudget budget() {
        throw new UnsupportedOperationException();
    }

    /** When the access token expires; empty while there is none. */
    public Optional<Instant> tokenExpiresAt() {
        throw new UnsupportedOperationException();
    }

    /** The present price of {@code symbol} (FHKST01010100), asked in lane QUOTE. */
    public KisReply<PriceAnswer> inquirePrice(Symbol symbol, Instant deadline) {
        throw new UnsupportedOperationException();
    }

    /** Cash and holdings of the account (TTTC8434R), all pages. */
    public KisReply<BalanceAnswer> inquireBalance(Lane lane, Instant deadline) {
        throw new UnsupportedOperationException();
    }

    /** All orders of {@code day} on all venues (TTTC0081R), all pages; Ok only when complete. */
    public KisReply<List<DailyOrderRow>> inquireDailyOrders(LocalDate day, Lane lane, Instant deadline) {
        throw new UnsupportedOperationException();
    }

    /** Sends {@code order} at most once, and not after the permit's deadline. */
    public Placement place(Permit permit, PlaceOrder order) {
        throw new UnsupportedOperationException();
    }

    /** Sends a full cancel at most once, and not after the permit's deadline. */
    public Placement cancel(Permit permit, CancelOrder cancel) {
        throw new UnsupportedOperationException();
    }

    /** The realtime session. */
    public Realtime realtime() {
        throw new UnsupportedOperationException();
    }

    /** Releases what is registered, closes the socket and the connections, and ends every thread. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
