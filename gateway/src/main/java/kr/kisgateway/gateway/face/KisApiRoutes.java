package kr.kisgateway.gateway.face;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.kis.KisApi;
import kr.kisgateway.api.kis.KisApiDetails;
import kr.kisgateway.api.kis.KisApis;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RestCall;

/** {@code /v1/kis/apis}: KIS's own APIs by their names. Those that place or change orders are listed, and not called. */
public final class KisApiRoutes {
    private static final String PATH = "/v1/kis/apis";
    private static final String LOGIN = "auth";
    private static final int LIMIT = 50;
    private static final int LIMIT_MAX = 300;
    private static final int WORDS_MAX = 200;

    private final Optional<NamedQueries> queries;
    private final List<String> accounts;
    private final Catalog catalog = Catalog.load();

    /**
     * @param queries empty where the face is off
     * @param accounts aliases, the first one's first
     */
    public KisApiRoutes(Optional<NamedQueries> queries, List<String> accounts) {
        this.queries = queries;
        this.accounts = List.copyOf(accounts);
    }

    public void register(RouteTable table) {
        table.get(Role.QUOTE, PATH, List.of("q", "category", "limit"), this::find);
        table.get(Role.QUOTE, PATH + "/{name}", this::details);
        table.post(Role.QUOTE, PATH + "/{name}", this::call);
    }

    private Stream<RestCall> all() {
        return catalog.restCalls().stream().filter(call -> !call.category().equals(LOGIN));
    }

    private void find(Call call) {
        String words = call.query("q").orElse("").strip().toLowerCase(Locale.ROOT);
        if (words.length() > WORDS_MAX) {
            throw RequestBody.invalid("q", "must have at most " + WORDS_MAX + " characters");
        }
        var category = call.query("category");
        var found = all().filter(api -> category.isEmpty() || category.get().equals(api.category()))
                .filter(api -> hasWords(api, words))
                .map(KisApiRoutes::api)
                .toList();
        int limit = call.limit(LIMIT, LIMIT_MAX);
        call.answer(new KisApis(found.stream().limit(limit).toList(), found.size()));
    }

    private static boolean hasWords(RestCall api, String words) {
        String text = (api.id() + ' ' + api.nameKo() + ' ' + api.category() + ' ' + String.join(" ", api.allTrIds()))
                .toLowerCase(Locale.ROOT);
        return Arrays.stream(words.split("\\s+")).allMatch(text::contains);
    }

    private static KisApi api(RestCall call) {
        return new KisApi(
                call.id(),
                call.category(),
                call.nameKo(),
                !call.isOrder(),
                call.trIds().stream()
                        .flatMap(id -> id.live().stream())
                        .distinct()
                        .toList());
    }

    private void details(Call call) {
        var api = api(call);
        call.answer(new KisApiDetails(
                api(api),
                api.params().stream()
                        .filter(param -> !NamedQueries.isOfTheGateway(param.name()))
                        .map(param -> new KisApiDetails.Parameter(
                                param.name(),
                                param.nameKo(),
                                param.description(),
                                param.required()
                                        && !param.blank()
                                        && param.fixed().isEmpty()
                                        && param.preset().isEmpty(),
                                param.example()))
                        .toList(),
                api.outputs().stream()
                        .map(block -> new KisApiDetails.Block(
                                block.name(),
                                block.shape() == RestCall.Shape.EITHER
                                        ? Optional.empty()
                                        : Optional.of(block.shape() == RestCall.Shape.ARRAY),
                                block.columns().stream()
                                        .map(column -> new KisApiDetails.Column(column.name(), column.nameKo()))
                                        .toList()))
                        .toList(),
                api.paging().isPresent(),
                api.trIds().stream().anyMatch(id -> id.paper().isPresent())));
    }

    /** The API that the path names, by name or TR id. */
    private RestCall api(Call call) {
        String name = call.pathParameter("name");
        return catalog.restById(name)
                .or(() -> catalog.restByTrId(name).stream().findFirst())
                .filter(api -> !api.category().equals(LOGIN))
                .orElseThrow(() -> new RefusedException(Refusal.of(
                        ErrorCode.NOT_FOUND,
                        "KIS has no API of this name; GET " + PATH + "?q= finds those that it has.")));
    }

    private void call(Call call) {
        var body = call.body().requireOnly(Set.of("parameters", "account_id", "next"));
        var api = api(call);
        if (api.isOrder()) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.FORBIDDEN,
                    "This API places or changes orders; /v1/orders does that, with limits and a journal."));
        }
        var account = body.optionalText("account_id");
        account.filter(alias -> !accounts.contains(alias)).ifPresent(alias -> {
            throw new RefusedException(Refusal.of(ErrorCode.ACCOUNT_NOT_FOUND, "There is no account with this alias."));
        });
        account.ifPresent(call.caller()::requireAccount);
        String alias = account.or(() ->
                        accounts.stream().filter(call.caller()::mayUseAccount).findFirst())
                .orElseGet(accounts::getFirst);
        var caller = call.caller().mayUseAccount(alias) ? call.caller().withAccounts(Set.of(alias)) : call.caller();
        call.answer(queries.orElseThrow(() -> new RefusedException(Refusal.of(
                        ErrorCode.UNSUPPORTED_BY_SOURCE,
                        "The KIS-compatible port is off (KIS_FACE), and with it the calls that it makes.")))
                .ask(caller, alias, api, call.pathParameter("name"), texts(body, "parameters"), texts(body, "next")));
    }

    private static Map<String, String> texts(RequestBody body, String field) {
        var texts = new LinkedHashMap<String, String>();
        body.optionalObject(field)
                .ifPresent(object -> object.names().forEach(name -> texts.put(name, object.text(name))));
        return texts;
    }
}
