package kr.kisgateway.client.budget;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/** The waiters of one lane: tenants in turn, each tenant's callers in order of arrival. */
final class LaneQueue {
    private final LinkedHashMap<String, TenantQueue> tenantQueues = new LinkedHashMap<>();
    private int size;
    private int ledgerSize;

    int size() {
        return size;
    }

    /** Of these, callers whose call reaches the ledger. */
    int ledgerSize() {
        return ledgerSize;
    }

    void add(Waiter waiter, int weight) {
        TenantQueue tenantQueue = tenantQueues.computeIfAbsent(waiter.tenant, _ -> new TenantQueue(weight));
        tenantQueue.weight = weight;
        tenantQueue.queue(waiter.ledger).add(waiter);
        count(waiter, 1);
    }

    Optional<Waiter> take(boolean ledgerFree) {
        for (Map.Entry<String, TenantQueue> entry : tenantQueues.entrySet()) {
            TenantQueue tenantQueue = entry.getValue();
            Optional<Waiter> next = tenantQueue.first(ledgerFree);
            if (next.isPresent()) {
                remove(next.get());
                tenantQueue.credit--;
                if (tenantQueue.credit <= 0 && !tenantQueue.isEmpty()) {
                    tenantQueue.credit = tenantQueue.weight;
                    tenantQueues.putLast(entry.getKey(), tenantQueue);
                }
                return next;
            }
        }
        return Optional.empty();
    }

    void remove(Waiter waiter) {
        TenantQueue tenantQueue = tenantQueues.get(waiter.tenant);
        if (tenantQueue != null && tenantQueue.queue(waiter.ledger).remove(waiter)) {
            count(waiter, -1);
            if (tenantQueue.isEmpty()) {
                tenantQueues.remove(waiter.tenant);
            }
        }
    }

    /** Callers served before the next one of {@code tenant}: its own, and others' while they take turns with them. */
    long waitersAhead(String tenant, int weight) {
        TenantQueue ownQueue = tenantQueues.get(tenant);
        long own = ownQueue == null ? 0 : ownQueue.size();
        long ahead = own;
        for (Map.Entry<String, TenantQueue> other : tenantQueues.entrySet()) {
            if (!other.getKey().equals(tenant)) {
                TenantQueue tenantQueue = other.getValue();
                ahead += Math.min(tenantQueue.size(), (own / weight + 1) * tenantQueue.weight);
            }
        }
        return ahead;
    }

    private void count(Waiter waiter, int change) {
        size += change;
        ledgerSize += waiter.ledger ? change : 0;
    }

    private static final class TenantQueue {
        private final SequencedSet<Waiter> plain = new LinkedHashSet<>();
        private final SequencedSet<Waiter> ledger = new LinkedHashSet<>();
        private int weight;
        private int credit;

        TenantQueue(int weight) {
            this.weight = weight;
            this.credit = weight;
        }

        SequencedSet<Waiter> queue(boolean ofLedger) {
            return ofLedger ? ledger : plain;
        }

        Optional<Waiter> first(boolean ledgerFree) {
            if (!ledgerFree || ledger.isEmpty()) {
                return plain.isEmpty() ? Optional.empty() : Optional.of(plain.getFirst());
            }
            if (plain.isEmpty() || ledger.getFirst().id < plain.getFirst().id) {
                return Optional.of(ledger.getFirst());
            }
            return Optional.of(plain.getFirst());
        }

        int size() {
            return plain.size() + ledger.size();
        }

        boolean isEmpty() {
            return plain.isEmpty() && ledger.isEmpty();
        }
    }
}
