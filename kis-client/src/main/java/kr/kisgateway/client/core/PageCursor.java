package kr.kisgateway.client.core;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.wire.RestCall;

/**
 * The way through the pages of one question (연속조회). Ask with {@link #parameters} and {@link #isContinuation}, tell each page to
 * {@link #acceptPage}, and go on while there is {@link #hasMore}. Pages that lead nowhere or in a circle are a failure.
 */
public final class PageCursor {
    private static final int PAGES_MAX = 1_000;

    private final Query query;
    private final Map<String, String> baseParameters;
    private final Map<String, String> context = new LinkedHashMap<>();
    private final Set<String> visitedContexts = new HashSet<>();
    private int pages;
    private boolean hasMore;

    /** @param baseParameters the parameters of the first page, without the context fields */
    public PageCursor(Query query, Map<String, String> baseParameters) {
        this.query = query;
        this.baseParameters = baseParameters;
        restart();
    }

    /** What is asked. */
    public Query query() {
        return query;
    }

    /** What to ask for now. */
    public Map<String, String> parameters() {
        var requestParameters = new LinkedHashMap<>(baseParameters);
        requestParameters.putAll(context);
        return requestParameters;
    }

    /** Whether the next question continues an answer. */
    public boolean isContinuation() {
        return pages > 0;
    }

    /** Whether a page is to be asked for. */
    public boolean hasMore() {
        return hasMore;
    }

    /** Starts from the first page again. */
    public void restart() {
        pages = 0;
        hasMore = true;
        visitedContexts.clear();
        context.clear();
        query.paging().ifPresent(paging -> paging.keys().forEach(key -> context.put(key, "")));
    }

    /** Takes the page that was asked for; why the pages make no sense, or empty when they do. */
    public Optional<KisFailure> acceptPage(RestCalls.Page page) {
        pages++;
        hasMore = page.hasMore();
        if (!hasMore) {
            return Optional.empty();
        }
        RestCall.Paging paging = query.paging().orElseThrow();
        paging.keys().forEach(key -> context.put(key, page.reply().findAnywhere(key)));
        if (paging.keys().stream().map(context::get).allMatch(""::equals)) {
            return unreadable("a page that promises more and does not say where");
        }
        context.putAll(paging.next());
        if (query.list().filter(block -> page.reply().rows(block).isEmpty()).isPresent()) {
            return unreadable("an empty page that promises more");
        }
        if (!visitedContexts.add(context.toString())) {
            return unreadable("a page that leads back to itself");
        }
        return pages < PAGES_MAX ? Optional.empty() : unreadable("more than " + PAGES_MAX + " pages");
    }

    private static Optional<KisFailure> unreadable(String why) {
        return Optional.of(KisFailure.of(KisFailure.Kind.UNREADABLE, why, "ask again from the first page", true));
    }
}
