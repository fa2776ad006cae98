package kr.kisgateway.gateway.risk;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The protections between an order and real money. Only settings decide these; no call changes them.
 *
 * @param live whether orders would reach the real market
 * @param liveTrading {@code KIS_LIVE_TRADING}: whether real orders are explicitly allowed
 * @param liveAccounts {@code KIS_LIVE_ACCOUNTS}: aliases that may trade live; empty allows none
 * @param readOnly {@code GATEWAY_READ_ONLY}: no order and no modification, cancels only
 * @param credit {@code KIS_CREDIT}: whether buys on credit are explicitly allowed, in every environment
 */
public record LiveGuards(
        boolean live, boolean liveTrading, Set<String> liveAccounts, boolean readOnly, boolean credit) {
    public LiveGuards {
        liveAccounts = Set.copyOf(liveAccounts);
    }

    /** Protections of a gateway that buys with cash alone. */
    public LiveGuards(boolean live, boolean liveTrading, Set<String> liveAccounts, boolean readOnly) {
        this(live, liveTrading, liveAccounts, readOnly, false);
    }

    /** The settings that trading live needs and that are not set. */
    public List<String> missing() {
        var missing = new ArrayList<String>();
        if (live && !liveTrading) {
            missing.add("KIS_LIVE_TRADING");
        }
        if (live && liveAccounts.isEmpty()) {
            missing.add("KIS_LIVE_ACCOUNTS");
        }
        return List.copyOf(missing);
    }

    /** Whether orders of {@code account} are allowed: no live market, or permitted to trade there. */
    public boolean allows(String account) {
        return !live || liveTrading && liveAccounts.contains(account);
    }

    /** Not live and not restricted. */
    public static LiveGuards unrestricted() {
        return new LiveGuards(false, false, Set.of(), false);
    }
}
