package kr.kisgateway.gateway.face;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import kr.kisgateway.edge.AnyPathListener;
import kr.kisgateway.gateway.access.FaceGatekeeper;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.order.OrderIntake;

/** The parts of the KIS-compatible face. */
public final class Face implements AutoCloseable {
    private final FaceCalls calls;

    /** @param secret signs tokens, approval keys and page keys */
    public record Access(KeyRing keys, FaceGatekeeper gatekeeper, String secret) {
        @Override
        public String toString() {
            return "Access[***]";
        }
    }

    /** @param changes takes a listener for every change of an order */
    public record Orders(OrderDesk desk, OrderIntake intake, Consumer<Consumer<Order>> changes) {}

    private Face(FaceCalls calls) {
        this.calls = calls;
    }

    /**
     * Builds the face; the desk must not have started.
     *
     * @param alias of the account behind the virtual account numbers
     * @param queue how long a call waits for a slot before it is refused
     */
    public static Face create(
            KisUpstream upstream, Access access, Orders orders, String alias, Duration queue, InstantSource clock) {
        var tokens = new FaceTokens(access.keys(), access.secret(), clock);
        var forwarder = new Forwarder(upstream, queue, clock);
        var faceOrders = new FaceOrders(orders.desk(), orders.intake(), clock, alias, queue);
        orders.changes().accept(order -> {
            forwarder.accountChanged();
            faceOrders.orderChanged(order);
        });
        return new Face(new FaceCalls(
                access.gatekeeper(),
                tokens,
                new FaceLogin(access.gatekeeper(), tokens, clock),
                upstream,
                new AccountMask(upstream.identity(), new PageKeys(tokens::hash)),
                forwarder,
                faceOrders,
                new OwnOrders(orders.desk()),
                alias,
                queue));
    }

    @Override
    public void close() {
        calls.stop();
    }

    /** Answers the calls. */
    public AnyPathListener.Calls calls() {
        return calls;
    }
}
