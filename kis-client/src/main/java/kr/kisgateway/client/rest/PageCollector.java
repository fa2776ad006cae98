package kr.kisgateway.client.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.wire.parse.ParseResult;
import kr.kisgateway.wire.parse.RestReply;

/**
 * Collects all pages of one query. Request {@link #cursor}, pass the answer to {@link #acceptReply}, and repeat until that has a
 * result. Restarts once when KIS reports that the data changed in between.
 */
public final class PageCollector<T> {
    private static final String DATA_CHANGED = "자료가 변경";

    private final PageCursor cursor;
    private final Function<RestReply, ParseResult<T>> parse;
    private final List<T> pages = new ArrayList<>();
    private boolean restarted;

    /** @param baseParameters the parameters of the first page, without the context fields */
    public PageCollector(Query query, Map<String, String> baseParameters, Function<RestReply, ParseResult<T>> parse) {
        this.cursor = new PageCursor(query, baseParameters);
        this.parse = parse;
    }

    /** The next page to request. */
    public PageCursor cursor() {
        return cursor;
    }

    /** All pages, or why there is no answer; empty when the next page is to be requested. */
    public Optional<KisReply<List<T>>> acceptReply(KisReply<RestCalls.Page> reply) {
        return switch (reply) {
            case KisReply.Ok<RestCalls.Page>(RestCalls.Page page) -> page(page);
            case KisReply.Failed<RestCalls.Page>(KisFailure failure) -> {
                // "조회이후에 자료가 변경되었습니다.(다시 조회하세요)": the pages read so far no longer fit.
                if (failure.msg1().contains(DATA_CHANGED) && !restarted) {
                    restarted = true;
                    pages.clear();
                    cursor.restart();
                    yield Optional.empty();
                }
                yield failed(failure);
            }
        };
    }

    private Optional<KisReply<List<T>>> page(RestCalls.Page page) {
        return switch (parse.apply(page.reply())) {
            case ParseResult.Bad<T> bad ->
                failed(KisFailure.of(
                        KisFailure.Kind.UNREADABLE, "field " + bad.field() + " cannot be read", "retry", true));
            case ParseResult.Ok<T>(T value) -> {
                pages.add(value);
                Optional<KisFailure> lost = cursor.acceptPage(page);
                if (lost.isPresent()) {
                    yield failed(lost.get());
                }
                yield cursor.hasMore() ? Optional.empty() : Optional.of(new KisReply.Ok<>(List.copyOf(pages)));
            }
        };
    }

    private static <T> Optional<KisReply<List<T>>> failed(KisFailure failure) {
        return Optional.of(new KisReply.Failed<>(failure));
    }
}
