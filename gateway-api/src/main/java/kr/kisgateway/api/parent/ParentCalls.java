package kr.kisgateway.api.parent;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import kr.kisgateway.api.call.ApiCall;
import kr.kisgateway.api.call.ApiCall.Method;
import kr.kisgateway.api.order.OrderEvent;
import tools.jackson.core.type.TypeReference;

/** The calls about parent orders. */
public final class ParentCalls {
    private static final String PARENTS = "/v1/parents";

    private ParentCalls() {}

    /**
     * Which parent orders to list; an empty field does not narrow the list.
     *
     * @param status {@code open} or {@code ended}
     * @param limit at most 200; without one 50
     * @param cursor {@code next_cursor} of the page before
     */
    public record Query(
            Optional<String> accountId, Optional<String> status, OptionalInt limit, Optional<String> cursor) {}

    /** Evaluates a basket whose request is a dry run. */
    public static ApiCall<ParentAnswer> evaluate(ParentRequest basket) {
        return ApiCall.of(Method.POST, PARENTS, basket, ParentAnswer.class);
    }

    /** Creates a parent order. */
    public static ApiCall<ParentAnswer> create(ParentRequest parent, String idempotencyKey) {
        return ApiCall.of(Method.POST, PARENTS, parent, ParentAnswer.class).withKey(idempotencyKey);
    }

    /** One page of parent orders, newest first. */
    public static ApiCall<ParentPage> parents(Query query) {
        return ApiCall.get(
                new ApiCall.Path(PARENTS)
                        .with("account_id", query.accountId())
                        .with("status", query.status())
                        .with("limit", query.limit())
                        .with("cursor", query.cursor())
                        .toString(),
                ParentPage.class);
    }

    /** One parent order. */
    public static ApiCall<Parent> parent(String id) {
        return ApiCall.get(path(id), Parent.class);
    }

    /** The journal's events of one parent order, oldest first. */
    public static ApiCall<List<OrderEvent>> events(String id) {
        return ApiCall.get(path(id) + "/events", new TypeReference<List<OrderEvent>>() {});
    }

    /** Changes what waits to be placed, and makes what is placed smaller; a key makes it repeatable. */
    public static ApiCall<Parent> modify(String id, ParentChangeRequest change) {
        return ApiCall.of(Method.POST, path(id) + "/modify", change, Parent.class);
    }

    /** Places an order that is held; a key makes it repeatable. */
    public static ApiCall<Parent> release(String id) {
        return ApiCall.of(Method.POST, path(id) + "/release", Parent.class);
    }

    /** Ends a parent order: its order is not placed, or is cancelled. */
    public static ApiCall<Parent> cancel(String id) {
        return ApiCall.of(Method.POST, path(id) + "/cancel", Parent.class);
    }

    private static String path(String id) {
        return PARENTS + "/" + ApiCall.encode(id);
    }
}
