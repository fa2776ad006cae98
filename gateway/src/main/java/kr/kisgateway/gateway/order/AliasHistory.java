package kr.kisgateway.gateway.order;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.journal.JournalException;

/**
 * Which account each alias named, by the journal. Orders are recorded by alias: with another account behind it, an open order would be
 * compared with the list of another account, and its cancel could meet an order of that account. So the alias of an open order names one
 * account only, and a start that would change it is refused.
 */
final class AliasHistory {
    private final Map<String, AccountFingerprint> configured;
    private final Map<String, AccountFingerprint> recorded = new HashMap<>();
    private final Map<String, Instant> changes = new HashMap<>();

    /** @param configured the accounts of the settings, by alias */
    AliasHistory(Map<String, AccountFingerprint> configured) {
        this.configured = configured;
    }

    /** Applies an event, in the order of the journal. */
    void apply(ControlEvent.AliasAssigned event) {
        Optional.ofNullable(recorded.put(event.account(), event.fingerprint()))
                .filter(event.fingerprint()::contradicts)
                .ifPresent(_ -> changes.put(event.account(), event.at()));
    }

    /** What the journal does not have yet of the settings, by alias. */
    List<ControlEvent.AliasAssigned> unrecorded(Instant now) {
        return configured.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(recorded.get(entry.getKey())))
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> new ControlEvent.AliasAssigned(entry.getKey(), entry.getValue(), now))
                .toList();
    }

    /** Whether the settings have another account than the journal. */
    boolean isRenumbered(String alias) {
        return Optional.ofNullable(configured.get(alias))
                .flatMap(now -> Optional.ofNullable(recorded.get(alias)).filter(now::contradicts))
                .isPresent();
    }

    /** Whether the fingerprints of the settings and the journal have different keys, so that a change would not be noticed. */
    boolean isIncomparable(String alias) {
        return Optional.ofNullable(configured.get(alias))
                .flatMap(now -> Optional.ofNullable(recorded.get(alias))
                        .filter(former -> !former.key().equals(now.key())))
                .isPresent();
    }

    /**
     * Verifies that what is open belongs to an account of the settings, and to the same as when it was placed.
     *
     * @param kind what the open ones are, in words
     * @param open the alias of each, by id
     * @throws JournalException when one does not
     */
    void require(String kind, Map<?, String> open, Collection<String> aliases) {
        open.forEach((id, alias) -> {
            String what = kind + " " + id + " of account " + alias + " is open";
            if (!aliases.contains(alias)) {
                throw new JournalException(what + ", and no account has this alias: configure it again"
                        + " (kis.accounts in gateway.yaml) until it has ended");
            }
            if (isRenumbered(alias)) {
                throw new JournalException(what + ", and this alias has another account number than when it was placed:"
                        + " put the former number back (KIS_ACCOUNT_NO of A1, else kis.accounts in gateway.yaml) until it"
                        + " has ended or was cancelled, or name the other account by an alias of its own");
            }
        });
    }

    /** Whether an ended order was one of the account that its alias named before: its list is not requested any more. */
    boolean isOfFormerAccount(Order order) {
        String alias = order.terms().accountId();
        return order.status().isTerminal()
                && (isRenumbered(alias)
                        || Optional.ofNullable(changes.get(alias))
                                .filter(order.createdAt()::isBefore)
                                .isPresent());
    }
}
