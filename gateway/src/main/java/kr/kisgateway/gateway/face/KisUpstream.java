package kr.kisgateway.gateway.face;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import kr.kisgateway.gateway.pool.RawDemand;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.RestCall;

/** KIS behind the gateway's own credentials, for queries that other programs wrote. */
public interface KisUpstream {
    /** Whether it is the practice system (모의투자). */
    boolean isPaper();

    /** The accounts and login ids that are inserted into queries and must not leave, by alias. */
    Map<String, Identity> identities();

    /**
     * Prepares a query of KIS's catalog: finds the TR id of this environment, completes the parameters and checks them as far as
     * they are documented. Nothing is sent.
     *
     * @param account alias of the account
     * @param name of the catalog, or a TR id
     * @param parameters without the account
     */
    Prepared prepare(String account, String name, Map<String, String> parameters);

    /** The result of {@link #prepare}. */
    sealed interface Prepared {
        /** @param parameters complete, with the real account */
        record Ready(RestCall call, String trId, Map<String, String> parameters) implements Prepared {
            @Override
            public String toString() {
                return "Ready[" + trId + ']';
            }
        }

        /**
         * @param message what is wrong
         * @param remedy what to do
         */
        record Refused(String message, String remedy) implements Prepared {}
    }

    /**
     * Sends a query when the call budget has a slot for it; blocks until the answer or the timeout.
     *
     * @param account alias of the account of the query
     * @param tenant name of the key; keys take turns
     */
    Outcome forward(String account, Query query, String tenant, Duration timeout);

    /** The instrument that a registration is about; empty where its key names none. */
    Optional<MarketSymbol> symbol(RealtimeKey key);

    /** The symbol, where the gateway itself registers or polls trades or books under exactly this key. */
    Optional<MarketSymbol> served(RealtimeKey key);

    /** The registration of a feed that is only passed on. */
    RawDemand raw(RealtimeKey key);

    /** The key under which trades of a symbol are registered. */
    RealtimeKey tradesKey(MarketSymbol symbol);

    /** The key under which books of a symbol are registered. */
    RealtimeKey booksKey(MarketSymbol symbol);

    /** Registrations of a TR that KIS has confirmed, those that are being released included. */
    Set<RealtimeKey> registered(String trId);

    /** Sets the one receiver of the frames that KIS pushes, as they come; it must not block. */
    void attach(Consumer<CharSequence> frames);

    /**
     * The real account and login id.
     *
     * @param cano eight digits
     * @param productCode two digits
     */
    record Identity(String cano, String productCode, Optional<String> htsId) {
        @Override
        public String toString() {
            return "Identity[***]";
        }
    }

    /**
     * A query with the real account in it.
     *
     * @param isContinuation whether it requests the next page
     * @param isLedger whether it reaches the account
     */
    record Query(String path, String trId, Map<String, String> parameters, boolean isContinuation, boolean isLedger) {
        @Override
        public String toString() {
            return "Query[" + trId + ' ' + path + ']';
        }
    }

    /** The result of a query. */
    sealed interface Outcome {
        /**
         * @param continuation the header {@code tr_cont}
         * @param queued how long the query waited for its slot
         */
        record Answered(int status, String continuation, String body, Duration queued) implements Outcome {}

        /** There was no slot for it in time; nothing was sent. */
        record NoSlot() implements Outcome {}

        /** KIS gave no answer in time. */
        record NoAnswer() implements Outcome {}
    }
}
