package kr.kisgateway.gateway.kis.rest;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.RawAnswer;
import kr.kisgateway.client.RawQuery;
import kr.kisgateway.gateway.face.KisUpstream;

/** Queries of other programs, sent with the trading key. */
public final class KisForward implements KisUpstream {
    private final KisClient kis;
    private final Identity identity;
    private final Consumer<Consumer<CharSequence>> frames;

    /** @param frames takes the receiver of pushed frames */
    public KisForward(
            KisClient kis, AccountNumber account, Optional<String> htsId, Consumer<Consumer<CharSequence>> frames) {
        this.kis = kis;
        this.frames = frames;
        this.identity = new Identity(account.cano(), account.productCode(), htsId);
    }

    @Override
    public boolean isPaper() {
        return kis.environment() == Environment.PAPER_FACE;
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public void attach(Consumer<CharSequence> receiver) {
        frames.accept(receiver);
    }

    @Override
    public Outcome forward(Query query, String tenant, Duration timeout) {
        return switch (kis.forward(
                new RawQuery(query.path(), query.trId(), query.parameters(), query.isContinuation(), query.isLedger()),
                CallOptions.standard().withTenant(tenant).withTimeout(timeout))) {
            case KisReply.Ok<RawAnswer>(RawAnswer(int status, String continuation, String body)) ->
                new Outcome.Answered(status, continuation, body);
            case KisReply.Failed<RawAnswer>(KisFailure failure) ->
                switch (failure.kind()) {
                    case QUEUE_TIMEOUT, RATE_LIMITED, BREAKER_OPEN -> new Outcome.NoSlot();
                    default -> new Outcome.NoAnswer();
                };
        };
    }
}
