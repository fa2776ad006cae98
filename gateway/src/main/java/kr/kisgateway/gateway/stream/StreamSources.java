package kr.kisgateway.gateway.stream;

import java.util.function.Predicate;
import java.util.function.Supplier;
import kr.kisgateway.gateway.bar.MinuteSource;
import kr.kisgateway.gateway.http.Caller;

/**
 * Sources that the stream queries.
 *
 * @param openOrders snapshot of the channel orders
 * @param replay past events after a disconnect
 * @param session state of the session; called by one thread
 * @param minutes KIS's minutes that correct bars
 * @param isKeyValid whether the caller's secret is still valid for its key
 */
public record StreamSources(
        OpenOrders openOrders,
        OrderReplay replay,
        Supplier<SessionSnapshot> session,
        MinuteSource minutes,
        Predicate<Caller> isKeyValid) {}
