package kr.kisgateway.gateway.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The query tables of several capabilities in one journal. Each entry belongs to the first that owns its subject. */
public final class JournalTables implements Journal.Tables {
    private final List<Journal.Tables> parts;

    public JournalTables(List<Journal.Tables> parts) {
        this.parts = List.copyOf(parts);
    }

    @Override
    public List<String> names() {
        return parts.stream().flatMap(part -> part.names().stream()).toList();
    }

    @Override
    public boolean owns(String subject) {
        return parts.stream().anyMatch(part -> part.owns(subject));
    }

    @Override
    public void create(Connection connection) throws SQLException {
        for (Journal.Tables part : parts) {
            part.create(connection);
        }
    }

    @Override
    public void createIndexes(Connection connection) throws SQLException {
        for (Journal.Tables part : parts) {
            part.createIndexes(connection);
        }
    }

    @Override
    public void migrate(Connection connection, int from) throws SQLException {
        for (Journal.Tables part : parts) {
            part.migrate(connection, from);
        }
    }

    @Override
    public Journal.Replay replay(Connection fresh) {
        List<Part> replays =
                parts.stream().map(part -> new Part(part, part.replay(fresh))).toList();
        return new Journal.Replay() {
            @Override
            public void replaySubject(String subject, List<JournalEntry> entries) throws SQLException {
                Part owner = replays.stream()
                        .filter(part -> part.tables().owns(subject))
                        .findFirst()
                        .orElseThrow(() -> JournalException.damaged("nothing is known by the name " + subject));
                owner.replay().replaySubject(subject, entries);
            }

            @Override
            public void finish() throws SQLException {
                for (Part part : replays) {
                    part.replay().finish();
                }
            }
        };
    }

    private record Part(Journal.Tables tables, Journal.Replay replay) {}

    @Override
    public Optional<String> endedSubjectsQuery() {
        return Optional.of(parts.stream()
                        .flatMap(part -> part.endedSubjectsQuery().stream())
                        .collect(Collectors.joining(" UNION ALL ")))
                .filter(query -> !query.isEmpty());
    }

    @Override
    public void deleteSubjects(Connection connection) throws SQLException {
        for (Journal.Tables part : parts) {
            part.deleteSubjects(connection);
        }
    }
}
