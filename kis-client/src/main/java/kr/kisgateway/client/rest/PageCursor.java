package kr.kisgateway.client.rest;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.wire.RestCall;

/**
 * The position in the pages of one query (연속조회). Send {@link #request}, pass each page to {@link
 * #acceptPage}, and repeat while {@link #hasMore}. Pages without a successor or in a circle are a failure.
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

    /** The query. */
    public Query query() {
        return query;
    }

    /** The next request. */
    public PageRequest request() {
        return new PageRequest(query, parameters(), pages > 0);
    }

    /** The parameters of the next request. */
    public Map<String, String> parameters() {
        var requestParameters = new LinkedHashMap<>(baseParameters);
        requestParameters.putAll(context);
        return requestParameters;
    }

    /** Whether another page is to be requested. */
    public boolean hasMore() {
        return hasMore;
    }

    /** Starts from the first page again. */
    void restart() {
        pages = 0;
        hasMore = true;
        visitedContexts.clear();
        context.clear();
        query.paging().ifPresent(paging -> paging.keys().forEach(key -> context.put(key, "")));
    }

    /** Accepts the requested page; why the pages are inconsistent, or empty. */
    public Optional<KisFailure> acceptPage(RestCalls.Page page) {
        pages++;
        hasMore = page.hasMore();
        if (!hasMore) {
            return Optional.empty();
        }
        RestCall.Paging paging = query.paging().orElseThrow();
        paging.keys().forEach(key -> context.put(key, page.reply().findAnywhere(key)));
        if (paging.keys().stream().map(context::get).allMatch(""::equals)) {
            return unreadable("a page that promises more without a context");
        }
        context.putAll(paging.next());
        if (query.list().filter(block -> page.reply().rows(block).isEmpty()).isPresent()) {
            return unreadable("an empty page that promises more");
        }
        if (!visitedContexts.add(context.toString())) {
            return unreadable("a page whose context repeats");
        }
        return pages < PAGES_MAX ? Optional.empty() : unreadable("more than " + PAGES_MAX + " pages");
    }

    private static Optional<KisFailure> unreadable(String why) {
        return Optional.of(KisFailure.of(KisFailure.Kind.UNREADABLE, why, "retry from the first page", true));
    }
}
