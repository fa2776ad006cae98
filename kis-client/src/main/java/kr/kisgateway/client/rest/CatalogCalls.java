package kr.kisgateway.client.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RestCall;

/**
 * Any call of the catalog by its TR id or name: selects the id of this environment, fills in parameters, and finds what KIS
 * would surely refuse before a call is spent on it.
 */
public final class CatalogCalls {
    /** The outcome of preparing a call. */
    public sealed interface Prepared {
        /** It may be sent: {@code parameters} are complete and in the catalog's order. */
        record Ready(RestCall call, Query query, Map<String, String> parameters) implements Prepared {}

        /** It would be refused, so it is not sent. */
        record Refused(KisFailure failure) implements Prepared {}
    }

    /** Loaded when the first call is checked, not with the class. */
    private static final class FormsHolder {
        static final ParameterForms FORMS = ParameterForms.load();
    }

    private static final int VALUE_LENGTH_MAX = 2_000;
    private static final Pattern STOCK_EXAMPLE = Pattern.compile("[0-9]{6}");
    private static final Pattern STOCK_CODE = Pattern.compile("[0-9A-Z]{6}|Q[0-9]{6}");
    private static final Pattern DAY = Pattern.compile("[0-9]{8}");

    private final Catalog catalog;
    private final Environment environment;
    private final AccountNumber account;
    private final boolean unlistedInPaper;

    /**
     * @param unlistedInPaper whether calls for which the samples name no paper id are sent to paper, too; that KIS refuses
     *     them all is not proven
     */
    public CatalogCalls(Catalog catalog, Environment environment, AccountNumber account, boolean unlistedInPaper) {
        this.catalog = catalog;
        this.environment = environment;
        this.account = account;
        this.unlistedInPaper = unlistedInPaper;
    }

    /** The same of another account. */
    public CatalogCalls forAccount(AccountNumber other) {
        return new CatalogCalls(catalog, environment, other, unlistedInPaper);
    }

    /**
     * Prepares one call.
     *
     * @param name a TR id of either environment, or the catalog's own id where the call has one TR id only
     * @param order whether it is meant as an order; an order must not be sent as a query, which may be repeated
     * @param supplied parameters by name in any case; the account and the constants of the samples may be left out
     */
    public Prepared prepare(String name, boolean order, Map<String, String> supplied) {
        List<RestCall> found = catalog.restByTrId(name);
        if (found.isEmpty()) {
            found = catalog.restById(name).stream().toList();
        }
        if (found.isEmpty()) {
            return invalid(
                    "no call is named " + quoted(name),
                    "name a TR id such as FHKST01010100, or an id of the catalog such as domestic_stock_inquire_price");
        }
        if (found.size() > 1 && !found.get(1).legacyTrIds().contains(name)) {
            return invalid(
                    "two calls have the id " + name,
                    "name one of " + found.stream().map(RestCall::id).collect(Collectors.joining(", ")));
        }
        RestCall call = found.getFirst();
        if (call.category().equals("auth")) {
            return invalid("the client manages tokens and keys itself", "send your call; it needs no token");
        }
        if (call.isOrder() != order) {
            return order
                    ? invalid(call.id() + " is a query", "use call or pages")
                    : invalid(
                            call.id() + " is an order",
                            "use send, which never sends twice and reports what is certain");
        }
        return switch (trId(call, name)) {
            case ChosenTrId.Refused(KisFailure failure) -> new Prepared.Refused(failure);
            case ChosenTrId.Id(String trId) -> parameters(call, trId, supplied);
        };
    }

    /** Whether paper offers {@code call}, according to the samples. */
    public static boolean inPaper(RestCall call) {
        return call.trIds().stream().anyMatch(id -> id.paper().isPresent());
    }

    private sealed interface ChosenTrId {
        record Id(String trId) implements ChosenTrId {}

        record Refused(KisFailure failure) implements ChosenTrId {}
    }

    private ChosenTrId trId(RestCall call, String name) {
        if (call.legacyTrIds().contains(name)) {
            return name.startsWith("V") == (environment == Environment.PAPER_FACE)
                    ? new ChosenTrId.Id(name)
                    : refused("the old id " + name + " belongs to the other environment", "use the call's current id");
        }
        List<RestCall.TrId> ids = call.trIds().stream()
                .filter(id -> name.equals(call.id())
                        || id.live().filter(name::equals).isPresent()
                        || id.paper().filter(name::equals).isPresent())
                .toList();
        if (ids.size() != 1) {
            return refused(
                    call.id() + " has more than one TR id",
                    "name one of "
                            + call.trIds().stream()
                                    .map(id -> id.live().orElse("?") + " (" + id.when() + ")")
                                    .collect(Collectors.joining(", ")));
        }
        RestCall.TrId id = ids.getFirst();
        if (environment == Environment.LIVE_FACE) {
            return id.live()
                    .<ChosenTrId>map(ChosenTrId.Id::new)
                    .orElseGet(() -> refused("live has no " + name, "it exists in paper only"));
        }
        return id.paper()
                .or(() -> unlistedInPaper ? id.live() : Optional.empty())
                .<ChosenTrId>map(ChosenTrId.Id::new)
                .orElseGet(() -> new ChosenTrId.Refused(KisFailure.of(
                        KisFailure.Kind.UNSUPPORTED,
                        "paper (모의투자) does not offer " + call.nameKo() + " (" + call.id() + ")",
                        call.paperRemark().orElse("send it with a live app key"),
                        false)));
    }

    private Prepared parameters(RestCall call, String trId, Map<String, String> supplied) {
        var values = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        values.putAll(supplied);
        var sent = new LinkedHashMap<String, String>();
        var missing = new ArrayList<RestCall.Param>();
        for (RestCall.Param param : call.params()) {
            Optional<String> value = value(call, param, Optional.ofNullable(values.remove(param.name())));
            if (value.isPresent()) {
                Optional<Prepared> wrong = check(call, param, value.get());
                if (wrong.isPresent()) {
                    return wrong.get();
                }
                sent.put(param.name(), value.get());
            } else if (param.required() && !param.blank()) {
                missing.add(param);
            } else if (param.required() || !param.optional()) {
                // KIS's document lets it be blank, and names what that stands for.
                sent.put(param.name(), param.standard().orElse(""));
            }
        }
        if (!values.isEmpty()) {
            return invalid(
                    call.id() + " has no parameter " + quoted(values.firstKey()),
                    "it has " + call.params().stream().map(RestCall.Param::name).collect(Collectors.joining(", ")));
        }
        if (!missing.isEmpty()) {
            return invalid(
                    call.id() + " needs "
                            + missing.stream().map(RestCall.Param::name).collect(Collectors.joining(", ")),
                    missing.stream().map(CatalogCalls::describe).collect(Collectors.joining("; ")));
        }
        return new Prepared.Ready(
                call,
                new Query(
                        call.path(),
                        Optional.of(trId),
                        call.isLedger(),
                        call.blockNames(),
                        call.listBlock(),
                        call.paging()),
                sent);
    }

    private Optional<String> value(RestCall call, RestCall.Param param, Optional<String> supplied) {
        return supplied.or(() -> switch (param.name().toUpperCase(Locale.ROOT)) {
            case "CANO" -> Optional.of(account.cano());
            case "ACNT_PRDT_CD" -> Optional.of(account.productCode());
            default ->
                isPagingKey(call, param) ? Optional.of("") : param.fixed().or(param::preset);
        });
    }

    private static boolean isPagingKey(RestCall call, RestCall.Param param) {
        return call.paging()
                .filter(paging -> paging.keys().contains(param.name()))
                .isPresent();
    }

    private static Optional<Prepared> check(RestCall call, RestCall.Param param, String value) {
        String name = param.name().toUpperCase(Locale.ROOT);
        if (value.length() > VALUE_LENGTH_MAX || value.chars().anyMatch(Character::isISOControl)) {
            return Optional.of(
                    invalid(param.name() + " is longer than KIS accepts or has other characters", describe(param)));
        }
        if (value.isBlank()) {
            return Optional.empty();
        }
        if (name.startsWith("FID_INPUT_ISCD")
                && isStockCode(call, param)
                && !STOCK_CODE.matcher(value).matches()) {
            return Optional.of(invalid(
                    param.name() + " " + quoted(value) + " is no stock code",
                    "six digits or capitals such as 005930, or Q and six digits for an ETN"));
        }
        if (!call.isOrder()) {
            Optional<ParameterForms.Violation> violation = FormsHolder.FORMS.findViolation(call.id(), name, value);
            if (violation.isPresent()) {
                return Optional.of(invalid(
                        param.name() + " " + quoted(value) + " is no "
                                + violation.get().expectedForm(),
                        violation.get().remedy()));
            }
        }
        if (param.nameKo().contains("일자")
                && param.example().filter(DAY.asMatchPredicate()).isPresent()
                && !DAY.matcher(value).matches()) {
            return Optional.of(
                    invalid(param.name() + " " + quoted(value) + " is no date", "write yyyyMMdd, such as 20261120"));
        }
        return Optional.empty();
    }

    /** Index and sector codes have the same name; the samples' example shows which is meant. */
    private static boolean isStockCode(RestCall call, RestCall.Param param) {
        return List.of("domestic_stock", "etfetn").contains(call.category())
                && param.example().filter(STOCK_EXAMPLE.asMatchPredicate()).isPresent();
    }

    private static String describe(RestCall.Param param) {
        return param.name() + " (" + param.nameKo() + ")"
                + (param.description().isBlank() ? "" : ": " + param.description())
                + param.example().map(example -> ", for example " + example).orElse("");
    }

    private static String quoted(String text) {
        String clean = text.codePoints()
                .filter(c -> !Character.isISOControl(c))
                .limit(40)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return "'" + clean + "'";
    }

    private static Prepared invalid(String message, String remedy) {
        return new Prepared.Refused(KisFailure.of(KisFailure.Kind.INVALID_REQUEST, message, remedy, false));
    }

    private static ChosenTrId refused(String message, String remedy) {
        return new ChosenTrId.Refused(KisFailure.of(KisFailure.Kind.INVALID_REQUEST, message, remedy, false));
    }
}
