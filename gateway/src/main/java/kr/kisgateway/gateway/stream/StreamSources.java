package kr.kisgateway.gateway.stream;

import java.util.function.Predicate;
import java.util.function.Supplier;
import kr.kisgateway.gateway.bar.MinuteSource;

/**
 * What the stream asks others for.
 *
 * @param openOrders the snapshot of the channel orders
 * @param replay what is told again after a break
 * @param session what the session is doing; asked by one thread
 * @param minutes what corrects bars
 * @param welcome whether who came with the key of a name may still listen
 */
public record StreamSources(
        OpenOrders openOrders,
        OrderReplay replay,
        Supplier<SessionNow> session,
        MinuteSource minutes,
        Predicate<String> welcome) {}
