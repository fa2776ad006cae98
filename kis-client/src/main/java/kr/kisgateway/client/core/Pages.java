package kr.kisgateway.client.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.wire.RestCall;
import kr.kisgateway.wire.parse.Read;
import kr.kisgateway.wire.parse.RestReply;

/**
 * One question whose answer comes in pages (연속조회). Ask with {@link #parameters} and {@link #next}, hand the answer to
 * {@link #on}, and go on until that has a result. Starts anew once when KIS says that the data changed in between.
 */
public final class Pages<T> {
    private static final int PAGES_MAX = 1_000;
    private static final String DATA_CHANGED = "자료가 변경";

    private final Query query;
    private final Map<String, String> question;
    private final Function<RestReply, Read<T>> parse;
    private final List<T> pages = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private final Map<String, String> context = new LinkedHashMap<>();
    private boolean again;

    /** @param question the parameters of the first page, without the context fields */
    public Pages(Query query, Map<String, String> question, Function<RestReply, Read<T>> parse) {
        this.query = query;
        this.question = question;
        this.parse = parse;
        first();
    }

    /** What is asked. */
    public Query query() {
        return query;
    }

    /** What to ask for now. */
    public Map<String, String> parameters() {
        var asked = new LinkedHashMap<>(question);
        asked.putAll(context);
        return asked;
    }

    /** Whether the next question continues an answer. */
    public boolean next() {
        return !pages.isEmpty();
    }

    /** All pages, or why there is no answer; empty when the next page is to be asked for. */
    public Optional<KisReply<List<T>>> on(KisReply<RestCalls.Page> reply) {
        return switch (reply) {
            case KisReply.Ok<RestCalls.Page>(RestCalls.Page page) -> page(page);
            case KisReply.Failed<RestCalls.Page>(KisFailure failure) -> {
                // "조회이후에 자료가 변경되었습니다.(다시 조회하세요)": what was read so far no longer fits.
                if (failure.msg1().contains(DATA_CHANGED) && !again) {
                    again = true;
                    pages.clear();
                    seen.clear();
                    context.clear();
                    first();
                    yield Optional.empty();
                }
                yield Optional.of(new KisReply.Failed<>(failure));
            }
        };
    }

    private Optional<KisReply<List<T>>> page(RestCalls.Page page) {
        switch (parse.apply(page.reply())) {
            case Read.Ok<T>(T value) -> pages.add(value);
            case Read.Bad<T> bad -> {
                return unreadable("field " + bad.field() + " cannot be read");
            }
        }
        if (!page.more()) {
            return Optional.of(new KisReply.Ok<>(List.copyOf(pages)));
        }
        RestCall.Paging paging = query.paging().orElseThrow();
        paging.keys().forEach(key -> context.put(key, page.reply().anywhere(key)));
        if (context.values().stream().allMatch(String::isEmpty)) {
            return unreadable("a page that promises more and does not say where");
        }
        context.putAll(paging.next());
        if (query.list().filter(block -> page.reply().rows(block).isEmpty()).isPresent()) {
            return unreadable("an empty page that promises more");
        }
        if (!seen.add(context.toString())) {
            return unreadable("a page that leads back to itself");
        }
        return pages.size() < PAGES_MAX ? Optional.empty() : unreadable("more than " + PAGES_MAX + " pages");
    }

    private void first() {
        query.paging().ifPresent(paging -> paging.keys().forEach(key -> context.put(key, "")));
    }

    private static <T> Optional<KisReply<List<T>>> unreadable(String why) {
        return Optional.of(
                new KisReply.Failed<>(new KisFailure(KisFailure.Kind.UNREADABLE, "", "", why, true, Duration.ZERO)));
    }
}
