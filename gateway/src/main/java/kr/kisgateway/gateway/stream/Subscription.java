package kr.kisgateway.gateway.stream;

import java.util.Optional;
import kr.kisgateway.market.MarketSymbol;
import org.jspecify.annotations.Nullable;

/**
 * One client's subscription to one topic, with its queued messages. The fields belong to the mailbox and are accessed only
 * under its lock.
 */
final class Subscription {
    final Channel channel;
    /** Absent for a channel without symbols. */
    final Optional<MarketSymbol> symbol;

    /** The symbol's code, which is another one at each venue; empty for a channel without symbols. */
    final String code;

    final Subject subject;

    final Mailbox mailbox;

    /** The newest queued message, for channels that conflate. */
    @Nullable
    SharedMessage waiting;

    /** Messages replaced since the last one that was read. */
    long conflated;

    /** First and last number dropped since the last one queued; 0 when there is no gap. */
    long gapFrom;

    long gapTo;

    Subscription(Channel channel, Optional<MarketSymbol> symbol, Mailbox mailbox) {
        this.channel = channel;
        this.symbol = symbol;
        this.code = symbol.map(MarketSymbol::code).orElse("");
        this.subject = symbol.map(Subject::of).orElse(Subject.NONE);
        this.mailbox = mailbox;
    }
}
