package kr.kisgateway.gateway.face;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.face.RecentTape.Snapshot;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers {@code inquire-ccnl} and {@code inquire-time-itemchartprice} of stocks whose trades KIS pushes, without a call: KIS's
 * last answer continued by the pushed trades.
 *
 * <p>Trades: the pushed ones since the first request, once they were found in KIS's answer. Minutes: those that the pushed trades
 * made since the first request; pages of minutes that are over are retained, with the newest price beside them. What cannot be
 * shown to be KIS's own answer is requested.
 */
final class HeldTapes {
    static final String TRADES_TR = "FHKST01010300";
    static final String MINUTES_TR = "FHKST03010200";

    /** Until an answer is compared with KIS's again. */
    private static final Duration PROOF_LIFE = Duration.ofMinutes(10);
    /** A page of minutes that are over; nothing is known to change them. */
    private static final Duration PAGE_LIFE = Duration.ofHours(1);
    /** Trades that KIS's answer has may be pushed a little later. */
    private static final Duration CANDIDATE_LIFE = Duration.ofSeconds(10);
    /** Before the end of a minute, KIS may be in the next one already. */
    private static final int LAST_SECOND = 58;

    /** Two for each followed stock; each has some 30 KB. */
    private static final int ANSWERS_MAX = 256;

    private static final int CANDIDATES_MAX = 64;
    private static final int PAGE_KILOBYTES_MAX = 8_192;
    private static final String HOUR = "FID_INPUT_HOUR_1";
    private static final String PAST = "FID_PW_DATA_INCU_YN";
    private static final String CLASS = "FID_ETC_CLS_CODE";
    private static final DateTimeFormatter DATE = DateTimeFormatter.BASIC_ISO_DATE;
    private static final JsonMapper JSON = new JsonMapper();

    private final PushedValues pushed;
    private final InstantSource clock;
    private final RecentTapes tapes;
    private final Cache<Subject, Held<ObjectNode>> candidates =
            Caffeine.newBuilder().maximumSize(CANDIDATES_MAX).build();
    private final Cache<Subject, Held<HeldExecutions>> trades =
            Caffeine.newBuilder().maximumSize(ANSWERS_MAX).build();
    private final Cache<Subject, Held<HeldMinutes>> minutes =
            Caffeine.newBuilder().maximumSize(ANSWERS_MAX).build();
    private final Cache<Subject, Held<String>> pages = Caffeine.newBuilder()
            .maximumWeight(PAGE_KILOBYTES_MAX)
            .weigher((Subject _, Held<String> page) -> 1 + page.answer().length() / 1_024)
            .build();

    /** What an answer is about: the last trades of a stock, or minutes of today. */
    private sealed interface Subject {
        Symbol symbol();

        record Trades(Symbol symbol) implements Subject {}

        /** @param hour {@code HHmmss} as requested; empty for the current minute */
        record Minutes(Symbol symbol, String hour, String past) implements Subject {}
    }

    /** @param at when KIS gave its answer */
    private record Held<T>(T answer, Instant at) {
        boolean isYounger(Duration life, Instant now) {
            return at.plus(life).isAfter(now);
        }

        <U> Held<U> of(U other) {
            return new Held<>(other, at);
        }
    }

    /**
     * A stock now.
     *
     * @param last the last pushed trade
     */
    private record Now(Snapshot tape, PushedTrade last, Instant at, ZonedDateTime korea) {
        int minute() {
            return korea.getHour() * 60 + korea.getMinute();
        }

        boolean isToday() {
            return last.date().equals(DATE.format(korea.toLocalDate()));
        }
    }

    HeldTapes(PushedValues pushed, InstantSource clock) {
        this.pushed = pushed;
        this.clock = clock;
        this.tapes = new RecentTapes(clock);
    }

    /** Registers the meter of the stocks. */
    void bindTo(Meters meters) {
        tapes.bindTo(meters);
        meters.cacheLimit("face_trade_candidates", candidates::estimatedSize, CANDIDATES_MAX);
        meters.cacheLimit("face_trades", trades::estimatedSize, ANSWERS_MAX);
        meters.cacheLimit("face_minutes", minutes::estimatedSize, ANSWERS_MAX);
        meters.cacheLimit("face_pages", () -> Meters.weight(pages), PAGE_KILOBYTES_MAX);
    }

    /** A frame from KIS. */
    void frame(CharSequence frame) {
        tapes.frame(frame);
    }

    /** The body of the answer in UTF-8; empty when KIS must be asked. */
    Optional<byte[]> find(String trId, Symbol symbol, Map<String, String> fields) {
        return subject(trId, symbol, fields)
                .flatMap(subject -> now(symbol).flatMap(now -> find(subject, now)))
                .map(JSON::writeValueAsBytes);
    }

    /** Retains KIS's answer, where later ones can be made of it. */
    void answered(String trId, Symbol symbol, Map<String, String> fields, ObjectNode answer, Instant at) {
        subject(trId, symbol, fields).ifPresent(subject -> {
            candidates.put(subject, new Held<>(answer, at));
            // The trade that it ends with may be pushed later: the next request compares again.
            now(symbol).ifPresent(now -> prove(subject, now));
        });
    }

    /** Forgets everything about a stock. */
    void invalidate(Symbol symbol) {
        tapes.reset(symbol.code());
        candidates.asMap().keySet().removeIf(subject -> subject.symbol().equals(symbol));
        trades.invalidate(new Subject.Trades(symbol));
        minutes.asMap().keySet().removeIf(subject -> subject.symbol().equals(symbol));
        pages.asMap().keySet().removeIf(subject -> subject.symbol().equals(symbol));
    }

    private Optional<Subject> subject(String trId, Symbol symbol, Map<String, String> fields) {
        if (trId.equals(TRADES_TR)) {
            return fields.size() == 2 ? Optional.of(new Subject.Trades(symbol)) : Optional.empty();
        }
        String hour = fields.getOrDefault(HOUR, "");
        String past = fields.getOrDefault(PAST, "");
        if (fields.size() != 5
                || !PushedTrade.isTime(hour)
                || !past.equals("Y") && !past.equals("N")
                || !fields.getOrDefault(CLASS, "-").isEmpty()) {
            return Optional.empty();
        }
        boolean isCurrent = PushedTrade.minute(hour) == minute(clock.instant());
        return Optional.of(new Subject.Minutes(symbol, isCurrent ? "" : hour, past));
    }

    private static int minute(Instant at) {
        var korea = at.atZone(TradingCalendar.SEOUL);
        return korea.getHour() * 60 + korea.getMinute();
    }

    /** The stock, which is followed from now on; empty unless its last trade is known. */
    private Optional<Now> now(Symbol symbol) {
        if (!pushed.hasTrades(symbol)) {
            return Optional.empty();
        }
        var at = clock.instant();
        return tapes.request(symbol.code())
                .map(RecentTape::snapshot)
                .flatMap(tape -> tape.last().map(last -> new Now(tape, last, at, at.atZone(TradingCalendar.SEOUL))))
                // The price of a trade is stored before the tape has it.
                .filter(now ->
                        now.isToday() && pushed.hasNoneAfter(symbol, now.last().volume()));
    }

    private Optional<ObjectNode> find(Subject subject, Now now) {
        prove(subject, now);
        return switch (subject) {
            case Subject.Trades _ ->
                Optional.ofNullable(trades.getIfPresent(subject))
                        .filter(held -> held.isYounger(PROOF_LIFE, now.at()))
                        .flatMap(held -> held.answer().after(now.tape()));
            case Subject.Minutes asked -> isOver(asked, now) ? page(asked, now) : newest(asked, now);
        };
    }

    private Optional<ObjectNode> page(Subject.Minutes asked, Now now) {
        return Optional.ofNullable(pages.getIfPresent(asked))
                .filter(held -> held.isYounger(PAGE_LIFE, now.at()))
                .map(held -> HeldMinutes.withTrade((ObjectNode) JSON.readTree(held.answer()), now.last()));
    }

    /** Until the current minute has a trade, KIS's answer is not known. */
    private Optional<ObjectNode> newest(Subject.Minutes asked, Now now) {
        boolean isKnown = now.last().minute() == now.minute()
                && (asked.hour().isEmpty()
                        || PushedTrade.minute(asked.hour()) > now.minute()
                                && now.korea().getSecond() < LAST_SECOND);
        return Optional.ofNullable(minutes.getIfPresent(asked))
                .filter(held -> isKnown && held.isYounger(PROOF_LIFE, now.at()))
                .flatMap(held -> held.answer().after(now.tape(), now.last()));
    }

    /** Whether the minutes up to the requested one cannot change: it ended a minute ago. */
    private static boolean isOver(Subject.Minutes asked, Now now) {
        return !asked.hour().isEmpty() && PushedTrade.minute(asked.hour()) + 1 < now.minute();
    }

    /** Compares KIS's answer with what was pushed. */
    private void prove(Subject subject, Now now) {
        var candidate = candidates.getIfPresent(subject);
        if (candidate == null) {
            return;
        }
        boolean done = !candidate.isYounger(CANDIDATE_LIFE, now.at())
                || switch (subject) {
                    case Subject.Trades _ -> retainTrades(subject, candidate, now);
                    case Subject.Minutes asked ->
                        isOver(asked, now) ? retainPage(asked, candidate, now) : retainMinutes(asked, candidate, now);
                };
        if (done) {
            candidates.asMap().remove(subject, candidate);
        }
    }

    private boolean retainTrades(Subject subject, Held<ObjectNode> candidate, Now now) {
        var held = HeldExecutions.of(candidate.answer(), now.tape());
        held.ifPresent(answer -> trades.put(subject, candidate.of(answer)));
        return held.isPresent();
    }

    private boolean retainMinutes(Subject.Minutes asked, Held<ObjectNode> candidate, Now now) {
        int requested = asked.hour().isEmpty() ? minute(candidate.at()) : PushedTrade.minute(asked.hour());
        var held = HeldMinutes.of(candidate.answer(), requested, now.tape());
        held.ifPresent(answer -> minutes.put(asked, candidate.of(answer)));
        return held.isPresent();
    }

    private boolean retainPage(Subject.Minutes asked, Held<ObjectNode> candidate, Now now) {
        int requested = PushedTrade.minute(asked.hour());
        var trade = HeldMinutes.trade(candidate.answer(), now.tape());
        boolean isPage = trade.isPresent()
                && requested + 1 < minute(candidate.at())
                && HeldMinutes.isUpTo(candidate.answer(), trade.get().date(), requested);
        if (isPage) {
            pages.put(asked, candidate.of(candidate.answer().toString()));
        }
        return isPage;
    }
}
