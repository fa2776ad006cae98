package kr.kisgateway.gateway.stream;

import java.util.function.Predicate;
import java.util.function.Supplier;
import kr.kisgateway.gateway.bar.MinuteSource;
import kr.kisgateway.gateway.http.Caller;

/**
 * What the stream asks others for.
 *
 * @param openOrders the snapshot of the channel orders
 * @param replay what is told again after a break
 * @param session what the session is doing; asked by one thread
 * @param minutes what corrects bars
 * @param isKeyValid whether the secret that a caller came with still opens its key
 */
public record StreamSources(
        OpenOrders openOrders,
        OrderReplay replay,
        Supplier<SessionSnapshot> session,
        MinuteSource minutes,
        Predicate<Caller> isKeyValid) {}
