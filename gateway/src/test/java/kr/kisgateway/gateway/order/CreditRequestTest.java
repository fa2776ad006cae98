package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.Side;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The loan in the body of an order: whatever is sent is read as meant, or refused. */
class CreditRequestTest {
    private static final Instant NOW = Instant.parse("2026-11-20T01:00:00Z");
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 20);
    private static final OrderRequestParser PARSER = new OrderRequestParser(
            Set.of("A1"),
            Set.of(Market.KOREA, Market.US),
            new OrderSettings.DispatchWaits(Duration.ofSeconds(2), Duration.ofSeconds(5)),
            new PriceOffsets(Map.of(), _ -> Optional.empty(), (_, _) -> MarketFacts.none()),
            UnaryOperator.identity());
    private static final List<String> TYPES = Stream.concat(
                    Stream.of(CreditType.values()).map(Enum::name),
                    Stream.of(
                            "SELF_SHORT_OPEN",
                            "KSFC_SHORT_COVER",
                            "STOCK_LOAN_OPEN",
                            "LOAN",
                            "",
                            "21",
                            "ſELF_LOAN_OPEN"))
            .toList();
    private static final List<String> DATES = List.of(
            "2026-11-20", "2026-11-19", "2026-02-30", "20261120", "", "2026-11-20T09:00:00+09:00", "+2026-11-20", "x");

    private record Sent(Side side, boolean us, String type, Optional<String> date, boolean unknown) {
        static Sent draw(Random random) {
            String type = TYPES.get(random.nextInt(TYPES.size()));
            return new Sent(
                    random.nextBoolean() ? Side.BUY : Side.SELL,
                    random.nextInt(8) == 0,
                    random.nextInt(3) == 0 ? type.toLowerCase(Locale.ROOT) : type,
                    random.nextInt(4) == 0 ? Optional.empty() : Optional.of(DATES.get(random.nextInt(DATES.size()))),
                    random.nextInt(20) == 0);
        }

        RequestBody body() {
            var credit = Stream.of(
                            Optional.of(Map.entry("type", type)),
                            date.map(it -> Map.entry("loan_date", it)),
                            unknown ? Optional.of(Map.entry("rate", "9")) : Optional.<Map.Entry<String, String>>empty())
                    .flatMap(Optional::stream)
                    .map(it -> "\"" + it.getKey() + "\":\"" + it.getValue() + "\"")
                    .collect(Collectors.joining(","));
            return RequestBody.parse(("{\"account_id\":\"A1\",\"symbol\":\"" + (us ? "AAPL.NASD" : "005930")
                            + "\",\"side\":\"" + side + "\",\"qty\":3,\"price\":70000,\"credit\":{" + credit + "}}")
                    .getBytes(StandardCharsets.UTF_8));
        }

        /** What the words mean, by a rule of its own; empty when they are refused. */
        Optional<Credit> meant() {
            Optional<CreditType> known = Stream.of(CreditType.values())
                    .filter(it -> it.name().equals(type)
                            || it.name().toLowerCase(Locale.ROOT).equals(type))
                    .findFirst();
            boolean repays = known.filter(it -> it.name().endsWith("REPAY")).isPresent();
            boolean fits = known.isPresent() && !us && !unknown && repays == (side == Side.SELL);
            Optional<LocalDate> day = date.filter(it -> it.equals("2026-11-20") || it.equals("2026-11-19"))
                    .map(LocalDate::parse);
            if (!fits || date.isPresent() && day.isEmpty() || date.isEmpty() && repays) {
                return Optional.empty();
            }
            return Optional.of(new Credit(known.get(), day.orElse(TODAY)));
        }
    }

    @Property(tries = 2_000)
    void every_loan_is_read_as_meant_or_refused_with_its_code(@ForAll long seed) {
        var sent = Sent.draw(new Random(seed));
        Optional<Credit> meant = sent.meant();
        try {
            OrderRequestParser.ParsedOrder parsed = PARSER.read(sent.body(), NOW);
            assertThat(parsed.terms().credit())
                    .as(sent.toString())
                    .isEqualTo(meant)
                    .isPresent();
        } catch (RefusedException e) {
            assertThat(meant).as("%s: %s", sent, e.refusal()).isEmpty();
            assertThat(e.refusal().code())
                    .isIn(
                            ErrorCode.INVALID_CREDIT,
                            ErrorCode.UNKNOWN_FIELD,
                            ErrorCode.MISSING_FIELD,
                            ErrorCode.INVALID_FIELD);
        }
    }

    @Property(tries = 1_000)
    void two_bodies_have_one_hash_exactly_when_they_are_one_request(@ForAll long seed) {
        var random = new Random(seed);
        var one = Sent.draw(random);
        var other = Sent.draw(random);
        if (one.meant().isEmpty() || other.meant().isEmpty()) {
            return;
        }
        assertThat(hash(one, NOW).equals(hash(other, NOW)))
                .as("%s and %s", one, other)
                .isEqualTo(one.side() == other.side() && request(one).equals(request(other)));
        // Repeated on the next day without a date, it is the same request still.
        if (one.date().isEmpty()) {
            assertThat(hash(one, NOW.plus(Duration.ofDays(1)))).isEqualTo(hash(one, NOW));
        }
    }

    private static String hash(Sent sent, Instant now) {
        return PARSER.read(sent.body(), now).hash();
    }

    /** A buy's date is not chosen, so that it is no part of the request. */
    private static List<Object> request(Sent sent) {
        Credit credit = sent.meant().orElseThrow();
        return credit.type().opensLoan() ? List.of(credit.type()) : List.of(credit.type(), credit.loanDate());
    }
}
