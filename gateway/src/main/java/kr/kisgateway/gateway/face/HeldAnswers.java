package kr.kisgateway.gateway.face;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers {@code inquire-price} and {@code inquire-asking-price-exp-ccn} of stocks whose trades or books KIS pushes, without a
 * call: KIS's last answer, with what was pushed since in its columns. Trades and minutes are answered by {@link HeldTapes}.
 *
 * <p>Columns that are neither pushed nor follow from pushed ones, such as the purchases of foreigners, are those of KIS's last
 * answer, which is requested again after half a minute. An answer is retained only when every trade was pushed since some time
 * before it.
 */
final class HeldAnswers {
    static final String PRICE_TR = "FHKST01010100";
    static final String BOOK_TR = "FHKST01010200";

    private static final Duration LIFE = Duration.ofSeconds(30);
    /** A call waits and takes less than that. */
    private static final Duration CALL_MAX = Duration.ofSeconds(10);

    private static final int ANSWERS_MAX = 4_096;
    private static final String MARKET = "FID_COND_MRKT_DIV_CODE";
    private static final String CODE = "FID_INPUT_ISCD";
    private static final JsonMapper JSON = new JsonMapper();

    private final PushedValues pushed;
    private final HeldTapes tapes;
    private final InstantSource clock;
    private final AtomicLong statusChanges = new AtomicLong();
    private final Cache<Subject, Instant> pushedSince =
            Caffeine.newBuilder().maximumSize(ANSWERS_MAX).build();
    private final Cache<Subject, Held> answers =
            Caffeine.newBuilder().maximumSize(ANSWERS_MAX).build();

    /** Price or book of a stock. */
    private record Subject(boolean book, Symbol symbol) {}

    /**
     * KIS's answer.
     *
     * @param receivedAt when the gateway received it
     * @param formulas columns that follow from others
     * @param rendered the newest text
     */
    private record Held(
            ObjectNode answer, Instant receivedAt, Map<PriceFormula, RoundingMode> formulas, Rendered rendered) {
        Held with(Rendered newest) {
            return new Held(answer, receivedAt, formulas, newest);
        }
    }

    /**
     * @param source the pushed value in it; empty for KIS's answer itself
     * @param body in UTF-8
     */
    private record Rendered(Optional<Object> source, byte[] body) {}

    HeldAnswers(PushedValues pushed, InstantSource clock) {
        this.pushed = pushed;
        this.tapes = new HeldTapes(pushed, clock);
        this.clock = clock;
    }

    /** Registers the meter of the stocks whose trades are retained. */
    void bindTo(Meters meters) {
        tapes.bindTo(meters);
        meters.cacheLimit("face_pushed_since", pushedSince::estimatedSize, ANSWERS_MAX);
        meters.cacheLimit("face_answers", answers::estimatedSize, ANSWERS_MAX);
    }

    /** A frame from KIS. */
    void frame(CharSequence frame) {
        tapes.frame(frame);
    }

    /** The body of the answer in UTF-8; empty when KIS must be asked. */
    Optional<byte[]> find(String trId, Map<String, String> fields) {
        if (isOfTape(trId)) {
            return symbol(fields).flatMap(symbol -> tapes.find(trId, symbol, fields));
        }
        var subject = subject(trId, fields);
        if (subject.isEmpty() || !isPushed(subject.get())) {
            return Optional.empty();
        }
        var held = answers.getIfPresent(subject.get());
        return held != null && held.receivedAt().plus(LIFE).isAfter(clock.instant())
                ? Optional.of(render(subject.get(), held))
                : Optional.empty();
    }

    /**
     * Retains KIS's answer, where later ones can be made of it.
     *
     * @param body without anything of the account
     * @param receivedAt when KIS gave it
     * @param version {@link #version} before it was requested
     */
    void answered(String trId, Map<String, String> fields, String body, Instant receivedAt, long version) {
        if (isOfTape(trId)) {
            symbol(fields).ifPresent(symbol -> tapeAnswered(trId, symbol, fields, body, receivedAt, version));
            return;
        }
        var subject = subject(trId, fields);
        if (subject.isEmpty() || !isPushed(subject.get())) {
            return;
        }
        var since = pushedSince.getIfPresent(subject.get());
        if (since == null || since.plus(CALL_MAX).isAfter(receivedAt)) {
            return;
        }
        try {
            if (JSON.readTree(body) instanceof ObjectNode answer) {
                var formulas = new LinkedHashMap<PriceFormula, RoundingMode>();
                if (answer.path("output") instanceof ObjectNode output) {
                    PriceFormula.ALL.forEach(
                            formula -> formula.rounding(output).ifPresent(rounding -> formulas.put(formula, rounding)));
                }
                answers.put(
                        subject.get(),
                        new Held(
                                answer,
                                receivedAt,
                                formulas,
                                new Rendered(Optional.empty(), body.getBytes(StandardCharsets.UTF_8))));
                if (version != statusChanges.get()) {
                    answers.invalidate(subject.get());
                }
            }
        } catch (JacksonException e) {
            // It is passed on as it is; there is nothing to make later answers of.
            answers.invalidate(subject.get());
        }
    }

    /** Changes with each halt or interruption of a stock: an answer requested before one may lack it. */
    long version() {
        return statusChanges.get();
    }

    /** Forgets the answers about stocks of which something changed that is not pushed with trades. */
    void invalidate(List<Symbol> symbols) {
        statusChanges.incrementAndGet();
        symbols.forEach(symbol -> {
            answers.invalidate(new Subject(false, symbol));
            answers.invalidate(new Subject(true, symbol));
            tapes.invalidate(symbol);
        });
    }

    private static boolean isOfTape(String trId) {
        return trId.equals(HeldTapes.TRADES_TR) || trId.equals(HeldTapes.MINUTES_TR);
    }

    private void tapeAnswered(
            String trId, Symbol symbol, Map<String, String> fields, String body, Instant receivedAt, long version) {
        try {
            if (version == statusChanges.get() && JSON.readTree(body) instanceof ObjectNode answer) {
                tapes.answered(trId, symbol, fields, answer, receivedAt);
                if (version != statusChanges.get()) {
                    tapes.invalidate(symbol);
                }
            }
        } catch (JacksonException e) {
            // It is passed on as it is; there is nothing to make later answers of.
            tapes.invalidate(symbol);
        }
    }

    /** The stock, on KRX. */
    private static Optional<Symbol> symbol(Map<String, String> fields) {
        String code = fields.getOrDefault(CODE, "");
        return fields.getOrDefault(MARKET, "").equals("J")
                ? Symbol.parse(code).filter(symbol -> symbol.code().equals(code))
                : Optional.empty();
    }

    private static Optional<Subject> subject(String trId, Map<String, String> fields) {
        return (trId.equals(PRICE_TR) || trId.equals(BOOK_TR)) && fields.size() == 2
                ? symbol(fields).map(symbol -> new Subject(trId.equals(BOOK_TR), symbol))
                : Optional.empty();
    }

    /** Whether everything is pushed; since when is remembered. */
    private boolean isPushed(Subject subject) {
        boolean complete = subject.book() ? pushed.hasBooks(subject.symbol()) : pushed.hasTrades(subject.symbol());
        if (!complete) {
            pushedSince.invalidate(subject);
            answers.invalidate(subject);
        } else if (pushedSince.getIfPresent(subject) == null) {
            pushedSince.put(subject, clock.instant());
        }
        return complete;
    }

    private byte[] render(Subject subject, Held held) {
        Optional<Object> source = subject.book()
                ? pushed.bookAfter(subject.symbol(), held.receivedAt()).map(book -> book)
                : pushed.tradeAfter(subject.symbol(), held.receivedAt()).map(tick -> tick);
        if (source.isEmpty() || source.equals(held.rendered().source())) {
            return held.rendered().body();
        }
        var answer = held.answer().deepCopy();
        switch (source.get()) {
            case LastTick tick -> withTrade(answer, tick, held.formulas());
            case LastBook book -> withBook(answer, book.book());
            default -> throw new IllegalStateException("neither trade nor book");
        }
        var body = JSON.writeValueAsBytes(answer);
        // Another thread may have replaced the answer meanwhile: that one is newer.
        answers.asMap().replace(subject, held, held.with(new Rendered(source, body)));
        return body;
    }

    private static void withTrade(ObjectNode answer, LastTick tick, Map<PriceFormula, RoundingMode> formulas) {
        if (!(answer.path("output") instanceof ObjectNode output)) {
            return;
        }
        var trade = tick.trade();
        var numbers = new LinkedHashMap<String, Long>();
        numbers.put("stck_prpr", trade.price());
        numbers.put("prdy_vrss", trade.change());
        numbers.put("acml_vol", trade.volume());
        numbers.put("acml_tr_pbmn", trade.turnover());
        numbers.put("stck_oprc", trade.open());
        numbers.put("stck_hgpr", trade.high());
        numbers.put("stck_lwpr", trade.low());
        numbers.forEach((column, value) -> put(output, column, Long.toString(value)));
        put(output, "prdy_vrss_sign", sign(output, trade.price(), trade.change()));
        formulas.forEach((formula, rounding) -> PriceFormula.number(output, formula.column())
                .flatMap(written -> formula.text(output, written.scale(), rounding))
                .ifPresent(text -> put(output, formula.column(), text)));
    }

    /** 1 upper limit, 2 up, 3 unchanged, 4 lower limit, 5 down. */
    private static String sign(ObjectNode output, long price, long change) {
        String written = Long.toString(price);
        if (written.equals(output.path("stck_mxpr").asString(""))) {
            return "1";
        }
        if (written.equals(output.path("stck_llam").asString(""))) {
            return "4";
        }
        return change > 0 ? "2" : change < 0 ? "5" : "3";
    }

    private static void withBook(ObjectNode answer, OrderBook book) {
        if (!(answer.path("output1") instanceof ObjectNode output)) {
            return;
        }
        put(output, "aspr_acpt_hour", String.format("%06d", book.timeOfDay()));
        for (int level = 0; level < OrderBook.LEVELS; level++) {
            String number = Integer.toString(level + 1);
            put(output, "askp" + number, Long.toString(book.askPrice(level)));
            put(output, "bidp" + number, Long.toString(book.bidPrice(level)));
            put(output, "askp_rsqn" + number, Long.toString(book.askQty(level)));
            put(output, "bidp_rsqn" + number, Long.toString(book.bidQty(level)));
            // Changes of single levels are not pushed.
            put(output, "askp_rsqn_icdc" + number, "0");
            put(output, "bidp_rsqn_icdc" + number, "0");
        }
        put(output, "total_askp_rsqn", Long.toString(book.totalAskQty()));
        put(output, "total_bidp_rsqn", Long.toString(book.totalBidQty()));
        put(output, "total_askp_rsqn_icdc", "0");
        put(output, "total_bidp_rsqn_icdc", "0");
        put(output, "ntby_aspr_rsqn", Long.toString(book.totalBidQty() - book.totalAskQty()));
    }

    /** Only columns that KIS's answer has. */
    private static void put(ObjectNode output, String column, String value) {
        if (output.has(column)) {
            output.put(column, value);
        }
    }
}
