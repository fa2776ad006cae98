package kr.kisgateway.gateway.risk;

import kr.kisgateway.market.TradingDay;

/**
 * How much of a daily limit of orders is used.
 *
 * @param layer that sets the limit, as {@code gateway} or {@code key bot}
 * @param account alias
 * @param used orders accepted on the day
 */
public record DailyOrders(String layer, String account, TradingDay day, long used, long limit) {
    /** Identifies the limit among others. */
    String subject() {
        return account + " " + day.market().id() + " " + layer;
    }
}
