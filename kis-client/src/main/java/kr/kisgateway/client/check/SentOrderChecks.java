package kr.kisgateway.client.check;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.core.Refusals;
import kr.kisgateway.client.rest.CatalogCalls;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.OverseasExchange;
import kr.kisgateway.wire.OverseasSymbol;
import kr.kisgateway.wire.RestCall;

/**
 * Validates an order given by its parameters against what KIS would surely refuse: domestic orders in cash and on credit, overseas
 * orders, and their revisions. Uncertain cases pass.
 */
public final class SentOrderChecks {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("[0-9]{1,10}");
    private static final Pattern WON = Pattern.compile("[0-9]{1,12}");
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,8})?");
    private static final Pattern EXCHANGES = Pattern.compile("ovrs_excg_cd=([A-Z|]+)");
    private static final Pattern BUYS = Pattern.compile("ord(er)?_dv=buy");
    private static final List<String> US_DAY = List.of("NASD", "NYSE", "AMEX");

    /** ORD_DVSN of US orders: with a price, without one (sales only), and TWAP and VWAP, of which little is documented. */
    private static final List<String> US_PRICED = List.of("00", "32", "34");

    private static final List<String> US_UNPRICED = List.of("31", "33");
    private static final List<String> US_ALGORITHMS = List.of("35", "36");

    private SentOrderChecks() {}

    /** Why {@code order} must not be sent on {@code day} (in Seoul); empty when KIS may take it. */
    public static Optional<KisFailure> validate(
            Environment environment, CatalogCalls.Prepared.Ready order, LocalDate day) {
        Map<String, String> sent = order.parameters();
        return switch (order.call().id()) {
            case "domestic_stock_order_cash", "domestic_stock_order_credit" -> validateCash(environment, sent, day);
            case "domestic_stock_order_rvsecncl" -> validateRevision(environment, sent, day);
            case "overseas_stock_order", "overseas_stock_daytime_order" ->
                validateOverseas(environment, order, sent).or(() -> validateOverseasTerms(environment, order, sent));
            case "overseas_stock_order_rvsecncl", "overseas_stock_daytime_order_rvsecncl" ->
                validateOverseas(environment, order, sent).or(() -> validateOverseasRevision(sent));
            default -> Optional.empty();
        };
    }

    private static Optional<KisFailure> validateCash(Environment environment, Map<String, String> sent, LocalDate day) {
        String venue = venue(sent);
        Optional<Symbol> symbol = Symbol.parse(text(sent, "PDNO"));
        if (symbol.isEmpty()) {
            return refused(
                    "PDNO " + quoted(sent, "PDNO") + " is no symbol (종목코드)",
                    "write six digits or capitals such as 005930, or Q and six digits for an ETN");
        }
        return validateVenue(environment, venue)
                .or(() -> validateQuantity(sent))
                .or(() -> validateDivision(environment, venue, sent, day))
                .or(() -> validatePrice(sent, symbol, day))
                .or(() -> DivisionChecks.isConditional(text(sent, "ORD_DVSN"))
                        ? validatePositiveWholeNumber(
                                sent, "CNDT_PRIC", WON, "a stop limit (22) names the price at which it is triggered")
                        : Optional.empty());
    }

    private static Optional<KisFailure> validateRevision(
            Environment environment, Map<String, String> sent, LocalDate day) {
        String venue = venue(sent);
        boolean all = text(sent, "QTY_ALL_ORD_YN").equals("Y");
        boolean cancels = text(sent, "RVSE_CNCL_DVSN_CD").equals("02");
        return validateOneOf(sent, "RVSE_CNCL_DVSN_CD", List.of("01", "02"), "01 modifies, 02 cancels")
                .or(() -> validateOneOf(
                        sent, "QTY_ALL_ORD_YN", List.of("Y", "N"), "Y for all that is left, N for a part"))
                .or(() -> validateVenue(environment, venue))
                .or(() -> validatePositiveWholeNumber(
                        sent, "ORGN_ODNO", WHOLE_NUMBER, "take the order number from the acceptance"))
                .or(() -> all ? validateWholeNumber(sent, "ORD_QTY", WHOLE_NUMBER) : validateQuantity(sent))
                .or(() -> validateDivision(environment, venue, sent, day))
                .or(() -> cancels
                        ? validateWholeNumber(sent, "ORD_UNPR", WON)
                        : validatePrice(sent, Optional.empty(), day));
    }

    private static Optional<KisFailure> validateVenue(Environment environment, String venue) {
        if (!List.of("KRX", "NXT", "SOR").contains(venue)) {
            return refused("EXCG_ID_DVSN_CD '" + venue + "' is no venue", "write KRX, NXT or SOR");
        }
        return environment == Environment.PAPER_FACE && !venue.equals("KRX")
                ? Optional.of(unsupported("paper has no " + venue, "send the order to KRX"))
                : Optional.empty();
    }

    private static Optional<KisFailure> validateDivision(
            Environment environment, String venue, Map<String, String> sent, LocalDate day) {
        return DivisionChecks.validate(environment, Venue.valueOf(venue), text(sent, "ORD_DVSN"), day);
    }

    /** @param symbol empty where the order does not name it: then any product's tick is accepted */
    private static Optional<KisFailure> validatePrice(
            Map<String, String> sent, Optional<Symbol> symbol, LocalDate day) {
        boolean priced = DivisionChecks.isPriced(text(sent, "ORD_DVSN"));
        return validateWholeNumber(sent, "ORD_UNPR", WON).or(() -> {
            long price = Long.parseLong(text(sent, "ORD_UNPR"));
            if (priced) {
                return symbol.map(it -> OrderChecks.validatePrice(it, price, day))
                        .orElseGet(() -> OrderChecks.validatePrice(price, day));
            }
            return price == 0
                    ? Optional.empty()
                    : refused(
                            "an order of ORD_DVSN " + text(sent, "ORD_DVSN") + " with a price of " + price + " won",
                            "leave ORD_UNPR 0, or send a limit (00)");
        });
    }

    private static Optional<KisFailure> validateOverseas(
            Environment environment, CatalogCalls.Prepared.Ready order, Map<String, String> sent) {
        String exchange = text(sent, "OVRS_EXCG_CD");
        List<String> allowedCodes = allowedExchanges(environment, order);
        if (!allowedCodes.contains(exchange)) {
            return refused(
                    "OVRS_EXCG_CD " + quoted(sent, "OVRS_EXCG_CD") + " does not go with the TR id "
                            + order.query().trId().orElse(""),
                    "this id is for " + String.join(", ", allowedCodes));
        }
        return OverseasSymbol.of(exchange, text(sent, "PDNO")).isEmpty()
                ? refused(
                        "PDNO " + quoted(sent, "PDNO") + " is no code of an overseas stock",
                        "write capitals and digits such as AAPL, and a slash before a class, as BRK/B")
                : validateQuantity(sent)
                        .or(() -> DECIMAL.matcher(text(sent, "OVRS_ORD_UNPR")).matches()
                                ? Optional.empty()
                                : refused(
                                        "OVRS_ORD_UNPR " + quoted(sent, "OVRS_ORD_UNPR") + " is no price",
                                        "write digits with a point, such as 145.00, or 0 for none"));
    }

    /** The exchanges of the TR id, according to the catalog. */
    private static List<String> allowedExchanges(Environment environment, CatalogCalls.Prepared.Ready order) {
        return findTrId(environment, order)
                .map(it -> EXCHANGES.matcher(it.when()))
                .filter(Matcher::find)
                .map(it -> List.of(it.group(1).split("\\|")))
                .orElseGet(() -> order.call().id().contains("daytime")
                        ? US_DAY
                        : Arrays.stream(OverseasExchange.values())
                                .map(Enum::name)
                                .toList());
    }

    private static Optional<RestCall.TrId> findTrId(Environment environment, CatalogCalls.Prepared.Ready order) {
        return order.call().trIds().stream()
                .filter(it -> order.query()
                        .trId()
                        .equals(
                                environment == Environment.LIVE_FACE
                                        ? it.live()
                                        : it.paper().or(it::live)))
                .findFirst();
    }

    private static Optional<KisFailure> validateOverseasTerms(
            Environment environment, CatalogCalls.Prepared.Ready order, Map<String, String> sent) {
        String type = text(sent, "ORD_DVSN");
        if (environment == Environment.PAPER_FACE && !type.equals("00")) {
            return Optional.of(unsupported("paper has no orders of ORD_DVSN '" + type + "'", "send a limit (00)"));
        }
        if (!isUs(sent)) {
            return Optional.empty();
        }
        var price = new BigDecimal(text(sent, "OVRS_ORD_UNPR"));
        if (US_PRICED.contains(type)) {
            return OverseasChecks.validatePrice(price);
        }
        if (US_UNPRICED.contains(type)) {
            return findTrId(environment, order)
                            .filter(it -> BUYS.matcher(it.when()).find())
                            .isPresent()
                    ? refused("ORD_DVSN " + type + " only sells", "buy with a limit (00)")
                    : price.signum() == 0
                            ? Optional.empty()
                            : refused("ORD_DVSN " + type + " names no price", "leave OVRS_ORD_UNPR 0");
        }
        return US_ALGORITHMS.contains(type)
                ? Optional.empty()
                : refused(
                        "ORD_DVSN " + quoted(sent, "ORD_DVSN") + " is no order type of US stocks",
                        "write 00 (limit), 32 (LOO), 34 (LOC), and for sales 31 (MOO) or 33 (MOC); there is no market order");
    }

    private static Optional<KisFailure> validateOverseasRevision(Map<String, String> sent) {
        boolean modifies = text(sent, "RVSE_CNCL_DVSN_CD").equals("01");
        return validateOneOf(sent, "RVSE_CNCL_DVSN_CD", List.of("01", "02"), "01 modifies, 02 cancels")
                .or(() -> validatePositiveWholeNumber(
                        sent, "ORGN_ODNO", WHOLE_NUMBER, "take the order number from the acceptance"))
                .or(() -> modifies && isUs(sent)
                        ? OverseasChecks.validatePrice(new BigDecimal(text(sent, "OVRS_ORD_UNPR")))
                        : Optional.empty());
    }

    private static boolean isUs(Map<String, String> sent) {
        return US_DAY.contains(text(sent, "OVRS_EXCG_CD"));
    }

    private static Optional<KisFailure> validateQuantity(Map<String, String> sent) {
        return validatePositiveWholeNumber(sent, "ORD_QTY", WHOLE_NUMBER, "name at least one whole share, such as 10");
    }

    private static Optional<KisFailure> validatePositiveWholeNumber(
            Map<String, String> sent, String name, Pattern form, String remedy) {
        return form.matcher(text(sent, name)).matches() && Long.parseLong(text(sent, name)) > 0
                ? Optional.empty()
                : refused(name + " " + quoted(sent, name) + " is no whole number above 0", remedy);
    }

    private static Optional<KisFailure> validateWholeNumber(Map<String, String> sent, String name, Pattern form) {
        return form.matcher(text(sent, name)).matches()
                ? Optional.empty()
                : refused(name + " " + quoted(sent, name) + " is no whole number", "write digits, and 0 for none");
    }

    private static Optional<KisFailure> validateOneOf(
            Map<String, String> sent, String name, List<String> allowed, String remedy) {
        return allowed.contains(text(sent, name))
                ? Optional.empty()
                : refused(name + " " + quoted(sent, name) + " is none of " + String.join(" and ", allowed), remedy);
    }

    private static String venue(Map<String, String> sent) {
        String venue = text(sent, "EXCG_ID_DVSN_CD");
        return venue.isBlank() ? "KRX" : venue;
    }

    private static String text(Map<String, String> sent, String name) {
        return sent.getOrDefault(name, "");
    }

    private static String quoted(Map<String, String> sent, String name) {
        String text = text(sent, name);
        return "'" + text.substring(0, Math.min(text.length(), 40)) + "'";
    }

    private static Optional<KisFailure> refused(String message, String remedy) {
        return Optional.of(Refusals.invalid(message, remedy));
    }

    private static KisFailure unsupported(String message, String remedy) {
        return KisFailure.of(KisFailure.Kind.UNSUPPORTED, message, remedy, false);
    }
}
