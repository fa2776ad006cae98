package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import kr.kisgateway.market.Commissions;

/**
 * The settings of an {@link OrderCore}.
 *
 * @param accounts the accounts of these orders: by alias the app key that trades, whose budget accounts may share
 * @param sendsPerSecond placings that the budget of an app key can send each second when nothing else is urgent; used by the drain
 *     check of the intake
 * @param dispatchEnabled whether accepted orders are dispatched; without it they wait until their {@code dispatch_by}
 * @param modifyTimeout how long a modification may wait to be sent; afterwards the old terms stay
 * @param reconcileInterval how often open orders are compared with the broker's list
 * @param killSwitch whether the environment sets the kill switch
 * @param commissions that the amounts of orders include
 * @param fingerprints which account each alias names
 */
public record OrderSettings(
        Map<String, String> accounts,
        double sendsPerSecond,
        boolean dispatchEnabled,
        Duration modifyTimeout,
        Duration reconcileInterval,
        boolean killSwitch,
        Commissions commissions,
        Map<String, AccountFingerprint> fingerprints) {
    public OrderSettings {
        accounts = Collections.unmodifiableMap(new LinkedHashMap<>(accounts)); // lists are requested in this order
        fingerprints = Map.copyOf(fingerprints);
    }

    /** Settings that do not distinguish accounts of one alias, at the usual commissions. */
    public OrderSettings(
            Map<String, String> accounts,
            double sendsPerSecond,
            boolean dispatchEnabled,
            Duration modifyTimeout,
            Duration reconcileInterval,
            boolean killSwitch) {
        this(
                accounts,
                sendsPerSecond,
                dispatchEnabled,
                modifyTimeout,
                reconcileInterval,
                killSwitch,
                Commissions.usual(),
                Map.of());
    }

    /** Whether two accounts share a budget. */
    boolean shareBudget(String account, String other) {
        return appKey(account).equals(appKey(other));
    }

    /** The app key that trades an account. */
    String appKey(String account) {
        return accounts.getOrDefault(account, "");
    }

    /**
     * How long an order may wait to be sent when its request does not say so.
     *
     * @param market {@code ORDER_DISPATCH_BY_MARKET}: the longest wait of a market order
     * @param limit {@code ORDER_DISPATCH_BY_LIMIT}: that of a limit order
     */
    public record DispatchWaits(Duration market, Duration limit) {}
}
