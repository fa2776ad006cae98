package kr.kisgateway.client.krx;

import java.net.URI;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import kr.kisgateway.client.fetch.FetchResult;
import kr.kisgateway.client.fetch.Fetcher;
import kr.kisgateway.market.Board;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests the exchange's Open API with one key. Every call blocks and counts against the day's quota; nothing is retried
 * and nothing is cached: the caller does that. Safe for any number of threads.
 */
public final class KrxClient implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final String LATER = "retry later";

    private final KrxConfig config;
    private final Fetcher fetch;
    private final QuotaCounter quota;

    private KrxClient(KrxConfig config, InstantSource clock) {
        this.config = config;
        this.fetch = new Fetcher(config.timeout(), config.timeout(), config.answerBytesMax(), config.tls());
        this.quota = new QuotaCounter(config.callsPerDay(), clock);
    }

    /**
     * Opens a client; nothing is sent before the first call.
     *
     * @param clock the wall clock: the quota is counted by the date in Seoul
     */
    public static KrxClient open(KrxConfig config, InstantSource clock) {
        return new KrxClient(config, clock);
    }

    /** Figures of every stock of {@code market} on {@code day} ({@code stk/ksq/knx_bydd_trd}). ETFs are not among them. */
    public KrxReply<List<DailyFigures>> daily(Board market, LocalDate day) {
        return request(KrxService.daily(market), day, row -> DailyFigures.stock(row, day, market));
    }

    /** Base information of every stock of {@code market} on {@code day} ({@code stk/ksq/knx_isu_base_info}). */
    public KrxReply<List<BaseInfo>> baseInfo(Board market, LocalDate day) {
        return request(KrxService.baseInfo(market), day, row -> BaseInfo.of(row, day, market));
    }

    /** Figures of every ETF on {@code day}, with its net asset value ({@code etf_bydd_trd}). */
    public KrxReply<List<EtfDaily>> etfs(LocalDate day) {
        return request(KrxService.ETF_BYDD_TRD, day, row -> EtfDaily.of(row, day));
    }

    /** Levels of every index of {@code market} on {@code day} ({@code kospi/kosdaq_dd_trd}); KONEX has none. */
    public KrxReply<List<IndexDaily>> indices(Board market, LocalDate day) {
        return switch (market) {
            case KOSPI -> request(KrxService.KOSPI_DD_TRD, day, row -> IndexDaily.of(row, day));
            case KOSDAQ -> request(KrxService.KOSDAQ_DD_TRD, day, row -> IndexDaily.of(row, day));
            case KONEX ->
                failed(
                        KrxFailure.Code.INVALID_INPUT,
                        "the exchange publishes no KONEX index",
                        "request KOSPI or KOSDAQ",
                        false);
        };
    }

    /** Calls spent today, and calls allowed. */
    public KrxQuota quota() {
        return quota.current();
    }

    /** Closes the connections. */
    @Override
    public void close() {
        fetch.close();
    }

    private <T> KrxReply<List<T>> request(KrxService service, LocalDate day, Function<KrxRow, T> read) {
        if (day.isAfter(quota.today())) {
            return failed(KrxFailure.Code.INVALID_INPUT, day + " is in the future", "request a past day", false);
        }
        if (!quota.tryConsume()) {
            KrxQuota spent = quota.current();
            return failed(
                    KrxFailure.Code.QUOTA_EXCEEDED,
                    "all " + spent.allowed() + " calls of " + spent.day() + " are used up",
                    "wait for the next day in Seoul, and cache answers",
                    true);
        }
        URI address = config.base().resolve(service.path() + "?basDd=" + DateTimeFormatter.BASIC_ISO_DATE.format(day));
        return switch (fetch.get(address, Map.of("AUTH_KEY", config.authKey()))) {
            case FetchResult.Failed(FetchResult.FailureKind kind, String cause) -> unreached(kind, service, cause);
            case FetchResult.Answered answer when answer.status() == 200 -> read(service, answer.body(), read);
            case FetchResult.Answered answer -> refused(service, answer.status());
        };
    }

    /** The rows of an answer, or why it is none. */
    static <T> KrxReply<List<T>> read(KrxService service, byte[] body, Function<KrxRow, T> read) {
        JsonNode block;
        try {
            block = JSON.readTree(body).path("OutBlock_1");
        } catch (JacksonException _) {
            return unreadable(service, "is no JSON");
        } catch (NumberFormatException _) {
            // Thrown for an exponent beyond the range of a decimal; no exception of the library covers it.
            return unreadable(service, "has a number out of range");
        }
        if (!block.isArray()) {
            return unreadable(service, "has no list OutBlock_1");
        }
        List<T> rows = new ArrayList<>(block.size());
        for (JsonNode object : block) {
            try {
                rows.add(read.apply(new KrxRow(object)));
            } catch (KrxRow.BadFieldException bad) {
                return unreadable(service, "cannot be read: row " + (rows.size() + 1) + ", " + bad.getMessage());
            }
        }
        return new KrxReply.Ok<>(List.copyOf(rows));
    }

    private static <T> KrxReply<List<T>> refused(KrxService service, int status) {
        String cause = service.id() + ": the exchange answered HTTP " + status;
        return switch (status) {
            case 401, 403 ->
                failed(
                        KrxFailure.Code.UNAUTHORIZED,
                        cause,
                        "check KRX_AUTH_KEY, and that the use of " + service.id()
                                + " was applied for and approved at openapi.krx.co.kr: each service is approved by itself",
                        false);
            case 429 -> failed(KrxFailure.Code.RATE_LIMITED, cause, LATER, true);
            default ->
                failed(KrxFailure.Code.HTTP_STATUS, cause, status >= 500 ? LATER : "check the address", status >= 500);
        };
    }

    private static <T> KrxReply<List<T>> unreached(FetchResult.FailureKind kind, KrxService service, String cause) {
        String sentence = service.id() + ": " + cause;
        return switch (kind) {
            case CONNECTION -> failed(KrxFailure.Code.CONNECTION, sentence, LATER, true);
            case TIMEOUT -> failed(KrxFailure.Code.TIMEOUT, sentence, LATER, true);
            case TLS ->
                failed(
                        KrxFailure.Code.TLS,
                        sentence,
                        "check for a proxy in between, or configure an SSLContext that trusts it",
                        false);
            case TOO_LARGE ->
                failed(
                        KrxFailure.Code.TOO_LARGE,
                        sentence,
                        "check what the address serves; if answers have really grown so much, allow more bytes",
                        false);
        };
    }

    private static <T> KrxReply<List<T>> unreadable(KrxService service, String problem) {
        return failed(
                KrxFailure.Code.UNREADABLE,
                "the answer of " + service.id() + " " + problem,
                "retry; if it persists the exchange has changed the service: update this library",
                true);
    }

    private static <T> KrxReply<List<T>> failed(KrxFailure.Code code, String cause, String remedy, boolean retryable) {
        return new KrxReply.Failed<>(new KrxFailure(code, cause, remedy, retryable));
    }
}
