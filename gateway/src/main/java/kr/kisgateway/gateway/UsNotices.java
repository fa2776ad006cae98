package kr.kisgateway.gateway;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import kr.kisgateway.gateway.broker.BrokerAdapter;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.pool.RawDemand;
import kr.kisgateway.gateway.pool.RawSupply;
import kr.kisgateway.gateway.pool.RawSupply.RawAnswer;
import kr.kisgateway.market.Market;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registration of execution notices of US orders. It takes one of the broker's registrations, so it is requested with the
 * first open US order, and stays until the gateway stops. Without it the broker's list, which is read every few seconds while an
 * order is open, shows the fills.
 */
final class UsNotices {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.pool");

    private final RawDemand demand;
    private final RawSupply supply;
    private final Executor workers;
    private final AtomicBoolean requested = new AtomicBoolean();

    private UsNotices(RawDemand demand, RawSupply supply, Executor workers) {
        this.demand = demand;
        this.supply = supply;
        this.workers = workers;
    }

    /** Follows the orders of {@code orders}; nothing where the broker has no such notices. */
    static void follow(OrderModule orders, BrokerAdapter broker, RawSupply supply, Executor workers) {
        broker.trading().usNotices().ifPresent(demand -> {
            var notices = new UsNotices(demand, supply, workers);
            orders.publisher().attach(notices::orderChanged);
            orders.desk().open().forEach(notices::orderChanged);
        });
    }

    private void orderChanged(Order order) {
        boolean isOpen = order.terms().symbol().market().equals(Market.US)
                && !order.status().isTerminal();
        if (isOpen && requested.compareAndSet(false, true)) {
            workers.execute(this::request);
        }
    }

    private void request() {
        RawAnswer answer = supply.acquire(demand, Optional.empty());
        LOG.info("us_notices_requested answer={}", answer);
        if (answer == RawAnswer.FULL || answer == RawAnswer.REFUSED) {
            requested.set(false); // with the next change of a US order
        }
    }
}
