package kr.kisgateway.gateway.kis.stream;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.client.KisListener;
import kr.kisgateway.gateway.feed.FeedGap;
import kr.kisgateway.gateway.feed.FeedListener;
import kr.kisgateway.gateway.feed.GapCause;
import kr.kisgateway.gateway.feed.MarketFeed;
import kr.kisgateway.gateway.feed.RecentGaps;
import kr.kisgateway.gateway.interruption.StatusListener;
import kr.kisgateway.gateway.kis.wire.KisStatus;
import kr.kisgateway.gateway.kis.wire.KisTr;
import kr.kisgateway.gateway.kis.wire.KisUsTicks;
import kr.kisgateway.gateway.kis.wire.KisVenueTicks;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.pool.Demand;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.gateway.pool.RegistrationListener;
import kr.kisgateway.gateway.pool.SymbolDemand;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.PushFeed;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.market.VenueSymbol;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.RealtimeKey;
import kr.kisgateway.wire.parse.BadFieldException;
import kr.kisgateway.wire.parse.OverseasNotice;
import kr.kisgateway.wire.parse.ParseResult;
import kr.kisgateway.wire.parse.RealtimeRow;
import kr.kisgateway.wire.parse.UntypedFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives KIS's pushes from one or more sockets: ticks go to the store and the listener, execution notices and their gaps
 * to that of the notices. A symbol is live from the acknowledgement of its registration until the socket closes or it is released;
 * after a reconnect its last value is not trusted before the next trade, because one may have been missed; the same applies
 * to values from before a registration.
 */
public final class KisFeed implements MarketFeed {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.feed");

    private final QuoteStore store;
    private final InstantSource clock;
    private final FeedCounters counters = new FeedCounters();
    private final RegistrationListener registrations;
    private final StatusListener statuses;
    private final SessionAlerts alerts;
    /** Sockets whose app key's session another program has taken. */
    private final Set<Integer> takenSockets = ConcurrentHashMap.newKeySet();

    /** The socket of each registration that KIS has confirmed. */
    private final Map<RealtimeKey, FeedSocketListener> confirmedKeys = new ConcurrentHashMap<>();

    private final Liveness trades = new Liveness();
    private final Liveness books = new Liveness();
    private final RecentGaps recentGaps = new RecentGaps();

    private volatile FeedListener listener = FeedListener.NONE;
    private volatile NoticeListener notices = NoticeListener.NONE;
    private volatile Consumer<CharSequence> frames = text -> {};
    private volatile BiConsumer<String, KisEvent> events = (appKey, event) -> {};

    /** Receives execution notices. Called on the sockets' threads, must not block. */
    public interface NoticeListener {
        /** Receives nothing. */
        NoticeListener NONE = new NoticeListener() {
            @Override
            public void received(String appKey, ExecutionNotice notice) {
                // receives nothing
            }

            @Override
            public void received(String appKey, OverseasNotice notice) {
                // receives nothing
            }

            @Override
            public void missed() {
                // receives nothing
            }
        };

        /** @param appKey on whose socket it arrived */
        void received(String appKey, ExecutionNotice notice);

        /** @param appKey on whose socket it arrived */
        void received(String appKey, OverseasNotice notice);

        /** Called whenever the notices are registered, first and again, so that fills can be requested. */
        void missed();
    }

    public KisFeed(
            QuoteStore store,
            RegistrationListener registrations,
            StatusListener statuses,
            SessionAlerts alerts,
            InstantSource clock) {
        this.store = store;
        this.clock = clock;
        this.registrations = registrations;
        this.statuses = statuses;
        this.alerts = alerts;
    }

    @Override
    public void attach(FeedListener marketData) {
        listener = marketData;
    }

    /** Sets the one listener of execution notices; to be called once, before the sockets are opened. */
    public void attach(NoticeListener executions) {
        notices = executions;
    }

    /** Sets the one receiver of data frames as they come; it must not block. */
    public void attach(Consumer<CharSequence> rawFrames) {
        frames = rawFrames;
    }

    /** Sets the one receiver of the sessions' events, with the name of the app key; it must not block. */
    public void onEvent(BiConsumer<String, KisEvent> sessionEvents) {
        events = sessionEvents;
    }

    /**
     * The least delay, in whole seconds, of the Korean trades of the last minute, from the exchange's time until they are received;
     * negative where this clock is behind the exchange's, empty without a trade.
     */
    public OptionalInt leastDelaySeconds() {
        return counters.leastDelay.seconds(clock.millis());
    }

    /**
     * The listener of the {@code number}th socket.
     *
     * @param appKey name of its app key
     */
    public KisListener socketListener(int number, String appKey) {
        return new FeedSocketListener(number, appKey);
    }

    /**
     * A demand whose registration may be confirmed already, for another demand.
     *
     * @return whether it is: KIS will not confirm it again
     */
    boolean shareConfirmed(Demand demand, RealtimeKey key) {
        var socket = confirmedKeys.get(key);
        if (socket == null) {
            return false;
        }
        socket.confirm(demand, key);
        return true;
    }

    /** Registrations of a TR that KIS has confirmed, until it has confirmed their release. */
    public Set<RealtimeKey> registered(String trId) {
        return confirmedKeys.keySet().stream()
                .filter(key -> key.trId().equals(trId))
                .collect(Collectors.toSet());
    }

    /** Whether another program has taken the session of the {@code number}th socket's app key. */
    boolean isTaken(int number) {
        return takenSockets.contains(number);
    }

    /** Whether the last pushed value of {@code symbol} is current. */
    boolean isLive(MarketSymbol symbol) {
        return trades.isLive(symbol);
    }

    /** Whether the last pushed book of {@code symbol} is current. */
    boolean isBookLive(MarketSymbol symbol) {
        return books.isLive(symbol);
    }

    /** Times without pushed values, the newest first. */
    List<FeedGap> gaps() {
        return recentGaps.newestFirst();
    }

    FeedCounters counters() {
        return counters;
    }

    /** Registers the meters of data that could not be used. */
    public void bindTo(Meters meters) {
        counters.bindTo(meters);
    }

    /** Whether the day's volume grew by more than this trade since the last one received: then trades are missing. */
    private boolean isBehind(Trade trade, PushFeed feed) {
        var previous = store.last(trade.symbol());
        return previous.isPresent()
                && !previous.get().polled()
                && previous.get().feed().equals(Optional.of(feed))
                && previous.get().trade().businessDate() == trade.businessDate()
                && previous.get().trade().volume() < trade.volume() - trade.qty();
    }

    private static GapCause gapCause(kr.kisgateway.client.GapCause cause) {
        return switch (cause.kind()) {
            case RECONNECT, LISTENER_RESET -> GapCause.RECONNECT;
            case SILENCE -> GapCause.SILENCE;
            case APP_KEY_IN_USE -> GapCause.STOLEN_SESSION;
            case REFUSED -> GapCause.SLOT_LOST;
        };
    }

    /** Listener of one socket; called by one thread at a time. */
    private final class FeedSocketListener implements KisListener {
        private final int number;
        private final String appKey;
        /** Confirmed demands with their registration key: that of a US stock changes with the session. */
        private final Map<Demand, RealtimeKey> confirmed = new ConcurrentHashMap<>();
        /** Statuses without a push since the socket dropped. */
        private final Set<Demand> lapsedStatuses = ConcurrentHashMap.newKeySet();

        /** Whether a key was acknowledged since the socket opened. */
        private volatile boolean acknowledged;
        /** Whether another program took the app key since the socket was last open. */
        private volatile boolean sessionStolen;

        FeedSocketListener(int number, String appKey) {
            this.number = number;
            this.appKey = appKey;
        }

        @Override
        public void trade(Trade trade) {
            trade(trade, PushFeed.DOMESTIC);
        }

        private void trade(Trade trade, PushFeed feed) {
            var symbol = trade.symbol();
            boolean first = trades.received(symbol);
            boolean released = first && trades.takeReleased(symbol);
            if ((!first || released) && isBehind(trade, feed)) {
                if (!released) {
                    counters.missedTrades.increment();
                }
                listener.tradesMissed(symbol, GapCause.MISSED_TRADES);
            }
            var last = store.putTrade(trade, feed);
            if (feed == PushFeed.DOMESTIC) {
                counters.received(trade.timeOfDay(), last.tradeAtMs());
            }
            listener.trade(last);
        }

        @Override
        public void book(OrderBook book) {
            book(new LastBook(book, Optional.of(PushFeed.DOMESTIC), clock.millis()));
        }

        @Override
        public void notice(ExecutionNotice notice) {
            notices.received(appKey, notice);
        }

        @Override
        public void rows(UntypedFrame frame) {
            switch (frame.trId()) {
                case KisTr.US_TRADES ->
                    readRows(
                            frame,
                            row -> KisUsTicks.trade(row)
                                    .ifPresent(trade -> trade(trade, KisTr.feed(row.text("RSYM")))));
                case KisTr.US_BOOKS ->
                    readRows(frame, row -> KisUsTicks.book(row, clock.millis()).ifPresent(this::book));
                case KisTr.NXT_TRADES, KisTr.UNIFIED_TRADES ->
                    readVenueRows(frame, (symbol, row) -> trade(KisVenueTicks.trade(symbol, row), PushFeed.of(symbol)));
                case KisTr.NXT_BOOKS, KisTr.UNIFIED_BOOKS ->
                    readVenueRows(frame, (symbol, row) -> book(KisVenueTicks.book(symbol, row, clock.millis())));
                case KisTr.STATUS ->
                    readRows(
                            frame,
                            row -> KisStatus.of(row)
                                    .ifPresentOrElse(
                                            statuses::observed, () -> badFrames(1, frame.trId() + " names no stock")));
                case KisTr.US_NOTICES, KisTr.US_PAPER_NOTICES ->
                    readRows(frame, row -> {
                        switch (OverseasNotice.of(row)) {
                            case ParseResult.Ok<OverseasNotice>(OverseasNotice notice) ->
                                notices.received(appKey, notice);
                            case ParseResult.Bad<OverseasNotice>(String _, String message) -> {
                                badFrames(1, frame.trId() + " " + message);
                                notices.missed(); // the list has what it reported
                            }
                        }
                    });
                default -> {
                    // Frames of the feeds that are only passed on.
                    if (confirmedKeys.keySet().stream()
                            .noneMatch(key -> key.trId().equals(frame.trId()))) {
                        counters.unregisteredRows.add(frame.records().size());
                    }
                }
            }
        }

        @Override
        public void frame(CharSequence text) {
            frames.accept(text);
        }

        private void readVenueRows(UntypedFrame frame, BiConsumer<VenueSymbol, RealtimeRow> rowReader) {
            readRows(
                    frame,
                    row -> KisVenueTicks.symbol(row)
                            .ifPresentOrElse(
                                    symbol -> rowReader.accept(symbol, row),
                                    () -> badFrames(1, frame.trId() + " names no stock")));
        }

        /** Reads record by record; an unreadable one does not affect the others. */
        private void readRows(UntypedFrame frame, Consumer<RealtimeRow> rowReader) {
            long bad = 0;
            String reason = "";
            for (var row : frame.rows()) {
                try {
                    rowReader.accept(row);
                } catch (BadFieldException | ArithmeticException e) {
                    bad++;
                    reason = frame.trId() + " " + e.getMessage();
                }
            }
            if (bad > 0) {
                badFrames(bad, reason);
            }
        }

        private void book(LastBook latest) {
            store.putBook(latest);
            books.received(latest.book().symbol());
            listener.book(latest);
        }

        @Override
        public void badFrames(long count, String sample) {
            counters.badFrames.add(count);
            LOG.warn("bad_frames count={} sample=\"{}\"", count, sample);
        }

        @Override
        public void gap(Set<RealtimeKey> keys, Instant from, Instant to, kr.kisgateway.client.GapCause cause) {
            counters.gaps.add(keys.size());
            LOG.warn("feed_gap keys={} from={} to={} cause=\"{}\"", keys.size(), from, to, cause.description());
            var gapCause = sessionStolen ? GapCause.STOLEN_SESSION : gapCause(cause);
            var names = keys.stream().map(KisTr::displayName).sorted().toList();
            recentGaps.add(new FeedGap(appKey, from, to, gapCause, names));
            if (gapCause == GapCause.SLOT_LOST) {
                alerts.gapNotRepaired(names, cause.description());
            }
            for (var key : keys) {
                // Missed notices are requested when the notices are registered again.
                KisTr.demands(key).forEach(demand -> onMissed(demand, gapCause));
            }
        }

        private void onMissed(Demand missed, GapCause gapCause) {
            if (!(missed instanceof SymbolDemand demand)) {
                return;
            }
            switch (demand.kind()) {
                case TRADES -> {
                    trades.missed(demand.symbol());
                    listener.tradesMissed(demand.symbol(), gapCause);
                }
                case BOOKS -> {
                    books.missed(demand.symbol());
                    listener.booksMissed(demand.symbol(), gapCause);
                }
                case STATUS -> {
                    // Handled with its own acknowledgement: this call comes with that of the last key, after values
                    // received meanwhile.
                }
            }
        }

        private void notifyStatus(Demand demand, Consumer<Symbol> action) {
            if (demand.ofSymbol().orElse(null) instanceof Symbol korean) {
                action.accept(korean);
            }
        }

        @Override
        public void connected() {
            // Live keys are reported one by one.
            listener.sessionChanged();
        }

        @Override
        public void acked(RealtimeKey key) {
            acknowledged = true;
            takenSockets.remove(number);
            alerts.acked(appKey, KisTr.displayName(key));
            confirmedKeys.put(key, this);
            switch (key.trId()) {
                // Notices before the first acknowledgement were not received either.
                case KisTr.NOTICES, KisTr.PAPER_NOTICES -> notices.missed();
                default ->
                    KisTr.demands(key).forEach(demand -> {
                        confirm(demand, key);
                        registrations.acked(demand);
                    });
            }
            if (KisTr.demands(key).stream().anyMatch(KisTr::isUsNotices)) {
                notices.missed();
            }
        }

        @Override
        public void event(KisEvent event) {
            listener.sessionChanged();
            alerts.event(appKey, event);
            events.accept(appKey, event);
            switch (event) {
                case KisEvent.Closed closed -> {
                    onClosed();
                    if (acknowledged) {
                        acknowledged = false;
                        sessionStolen = false;
                    }
                }
                case KisEvent.AppKeyInUse _ -> {
                    sessionStolen = true;
                    takenSockets.add(number);
                }
                case KisEvent.RegistrationRefused refused -> {
                    confirmedKeys.remove(refused.key(), this);
                    KisTr.demands(refused.key()).forEach(demand -> {
                        onReleased(demand);
                        registrations.refused(demand);
                    });
                }
                case KisEvent.Unsubscribed unsubscribed -> {
                    confirmedKeys.remove(unsubscribed.key(), this);
                    KisTr.demands(unsubscribed.key()).stream()
                            // It may be registered under another key by now.
                            .filter(demand -> unsubscribed.key().equals(confirmed.get(demand)))
                            .forEach(this::onReleased);
                }
                // The end of a halt may have been in a dropped frame.
                case KisEvent.MarketDataDropped _ ->
                    confirmed.keySet().stream()
                            .filter(demand -> demand.isOf(Kind.STATUS))
                            .forEach(demand -> notifyStatus(demand, statuses::missed));
                default -> {
                    // the client logs all of them by name
                }
            }
        }

        private void confirm(Demand demand, RealtimeKey key) {
            demand.ofSymbol()
                    .ifPresent(symbol -> livenessOf(demand).ifPresent(liveness -> liveness.acked(symbol, number)));
            if (lapsedStatuses.remove(demand)) {
                notifyStatus(demand, statuses::missed);
            }
            confirmed.put(demand, key);
        }

        private void onClosed() {
            trades.closed(number);
            books.closed(number);
            confirmedKeys.values().removeIf(socket -> socket.number == number);
            for (var demand : confirmed.keySet()) {
                registrations.lost(demand);
                if (demand.isOf(Kind.STATUS)) {
                    lapsedStatuses.add(demand);
                    notifyStatus(demand, statuses::released);
                }
            }
            confirmed.clear();
        }

        /** The registration ended; its values are no longer pushed. */
        private void onReleased(Demand demand) {
            confirmed.remove(demand);
            lapsedStatuses.remove(demand);
            demand.ofSymbol()
                    .ifPresent(symbol -> livenessOf(demand).ifPresent(liveness -> liveness.released(symbol, number)));
            if (demand.isOf(Kind.STATUS)) {
                notifyStatus(demand, statuses::released);
            }
        }

        /** Where a silent feed is detected; a status is pushed on events only, so its silence means nothing. */
        private Optional<Liveness> livenessOf(Demand demand) {
            if (demand.isOf(Kind.TRADES)) {
                return Optional.of(trades);
            }
            return demand.isOf(Kind.BOOKS) ? Optional.of(books) : Optional.empty();
        }
    }
}
