package kr.kisgateway.gateway.risk;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.risk.RiskVerdict;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.ErrorAnswer;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.log.SecurityLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /v1/risk/check} and {@code /v1/risk/limits}. */
public final class RiskRoutes {
    private static final Logger SECURITY = LoggerFactory.getLogger(SecurityLog.AUDIT);

    private static final String NO_CALL_SETS = "is a setting of the gateway, which no call changes; send it unchanged";
    private static final int ACCOUNTS_MAX = 1_000;

    private final Supplier<RiskPolicy> policy;
    private final BiFunction<Caller, RequestBody, Optional<Refusal>> check;
    private final BiFunction<RiskLayers, String, Optional<Refusal>> setLimits;
    private final Supplier<Optional<Author>> author;
    private final Predicate<String> keyExists;
    private final Set<String> accounts;
    private final ReentrantLock changing = new ReentrantLock();

    /**
     * The call that set the limits in force.
     *
     * @param by name of the API key of the call, if known
     */
    public record Author(Optional<String> by, Instant at) {}

    /**
     * @param policy the limits in force
     * @param author who set them; empty while the configured limits are in force
     * @param check evaluates the order in a body without placing it; throws when the body is not an order
     * @param setLimits puts limits in force in the name of an API key once they are durable; returns the refusal, if any
     * @param accounts existing account aliases
     * @param keyExists whether an API key of this name exists or existed
     */
    public RiskRoutes(
            Supplier<RiskPolicy> policy,
            Supplier<Optional<Author>> author,
            BiFunction<Caller, RequestBody, Optional<Refusal>> check,
            BiFunction<RiskLayers, String, Optional<Refusal>> setLimits,
            Set<String> accounts,
            Predicate<String> keyExists) {
        this.policy = policy;
        this.author = author;
        this.keyExists = keyExists;
        this.check = check;
        this.setLimits = setLimits;
        this.accounts = Set.copyOf(accounts);
    }

    public void register(RouteTable table) {
        table.post(Role.TRADE, "/v1/risk/check", this::check);
        table.get(Role.TRADE, "/v1/risk/limits", call -> call.answer(limits(call.caller())));
        table.put(Role.OPERATOR, "/v1/risk/limits", this::set);
    }

    /** The refusal that placing would return is the answer here, not an error; only a body that is no order is refused. */
    private void check(Call call) {
        Optional<Refusal> refusal = check.apply(call.caller(), call.body());
        call.answer(new RiskVerdict(
                refusal.isEmpty(),
                refusal.map(r -> r.code().name()),
                refusal.map(Refusal::message).map(ErrorAnswer::sentence),
                refusal.map(ErrorAnswer::details)));
    }

    private void set(Call call) {
        call.caller().requireUnrestricted("Limits apply to");
        RequestBody body = call.body();
        changing.lock();
        try {
            set(call, body);
        } finally {
            changing.unlock();
        }
    }

    /** Under the lock: what the caller must name are the limits that this call replaces, and no others come between. */
    private void set(Call call, RequestBody body) {
        RiskLayers previous = policy.get().layers();
        RiskLayers layers = RiskLayersJson.read(body, previous);
        requireUnchanged(body, policy.get().guards());
        for (String account : layers.accounts().keySet()) {
            if (!accounts.contains(account)) {
                // It would limit no order, although its author expects it to.
                throw RequestBody.invalid(
                        "accounts." + account,
                        "names no account; there is " + String.join(", ", new TreeSet<>(accounts)));
            }
        }
        setLimits.apply(layers, call.caller().name()).ifPresent(refusal -> {
            throw new RefusedException(refusal);
        });
        if (!layers.equals(previous)) {
            SECURITY.info("risk_limits_set by={} changes=\"{}\"", call.caller().name(), previous.changesTo(layers));
        }
        call.answer(limits(call.caller()));
    }

    /** The guards may be sent back unchanged; no call changes them, and none may appear to. */
    private static void requireUnchanged(RequestBody body, LiveGuards guards) {
        body.optionalObject("guards").ifPresent(sent -> {
            sent.requireOnly(Set.of("live", "live_trading", "live_accounts", "read_only", "credit"));
            Map.of(
                            "live", guards.live(),
                            "live_trading", guards.liveTrading(),
                            "read_only", guards.readOnly(),
                            "credit", guards.credit())
                    .forEach((name, current) -> sent.optionalFlag(name)
                            .filter(it -> !it.equals(current))
                            .ifPresent(_ -> {
                                throw sent.invalidMember(name, NO_CALL_SETS);
                            }));
            if (sent.has("live_accounts")
                    && !Set.copyOf(sent.texts("live_accounts", ACCOUNTS_MAX)).equals(guards.liveAccounts())) {
                throw sent.invalidMember("live_accounts", NO_CALL_SETS);
            }
        });
    }

    private static RiskLayers subset(RiskLayers layers, Caller caller) {
        return layers.subset(
                caller::mayUseAccount,
                name -> caller.strategy().filter(name::equals).isPresent(),
                caller.name()::equals,
                symbol -> caller.mayReadSymbol(symbol.code()));
    }

    /** The limits for a caller: a restricted one reads those that apply to it, and not those of others. */
    private kr.kisgateway.api.risk.RiskPolicy limits(Caller caller) {
        RiskPolicy now = policy.get();
        LiveGuards guards = now.guards();
        RiskLayers shown = caller.isUnrestricted() ? now.layers() : subset(now.layers(), caller);
        return new kr.kisgateway.api.risk.RiskPolicy(
                RiskLayersJson.gateway(shown.gateway()),
                RiskLayersJson.named(shown.accounts()),
                RiskLayersJson.named(shown.strategies()),
                RiskLayersJson.named(shown.keys()),
                new kr.kisgateway.api.risk.RiskPolicy.LiveGuards(
                        guards.live(),
                        guards.liveTrading(),
                        guards.liveAccounts().stream().sorted().toList(),
                        guards.readOnly(),
                        guards.credit()),
                author.get().flatMap(Author::by),
                author.get().map(it -> ApiValues.time(it.at())),
                warnings(shown, keyExists));
    }

    /** Warnings about probable mistakes: limits of keys that never existed apply to no order. */
    public static List<String> warnings(RiskLayers layers, Predicate<String> keyExists) {
        return layers.keys().keySet().stream()
                .filter(name -> !name.equals(Caller.LOCAL_NAME) && !keyExists.test(name))
                .map(name -> "keys." + name
                        + ": no key has this name, so these limits apply to no order; ./kis keys list shows"
                        + " the names. (이 이름의 키가 없어 한도가 적용되지 않습니다.)")
                .toList();
    }
}
