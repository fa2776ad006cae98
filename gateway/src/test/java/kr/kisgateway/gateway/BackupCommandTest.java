package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.backup.Backup;
import kr.kisgateway.gateway.backup.BackupSchedule;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./kis backup}, beside a running gateway and for another folder. */
@Tag("slow")
class BackupCommandTest {
    @TempDir
    private Path folder;

    @TempDir
    private Path elsewhere;

    private record Result(int code, String out, String err) {}

    private Result run(Path in, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int code = new Main(new CommandEnvironment(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new BufferedReader(Reader.nullReader()),
                        InstantSource.system(),
                        Map.of("KIS_COLUMNS", "400"),
                        in,
                        folder.resolve("home")))
                .run(Stream.concat(Stream.of("backup"), Stream.of(arguments)).toList());
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The path of a new backup. */
    private String create() {
        var made = run(folder, "create", "--to", elsewhere.resolve("backups").toString());
        assertThat(made.code()).as(made.err()).isZero();
        assertThat(made.out()).containsPattern("made \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\+09:00 by ");
        return made.out().lines().findFirst().orElseThrow();
    }

    @Test
    void a_backup_of_a_gateway_under_load_has_every_order_answered_before_it_and_starts_in_another_folder() {
        var answered = new ArrayList<String>();
        String backup;
        try (var gateway = GatewayFixture.start(folder)) {
            gateway.awaitReady();
            var ended = new AtomicBoolean();
            for (int i = 0; i < 5; i++) {
                answered.add(orderId(gateway, gateway.buy("before-" + i)));
            }
            var load = CompletableFuture.runAsync(() -> {
                for (int i = 0; !ended.get(); i++) {
                    gateway.buy("during-" + i);
                }
            });
            backup = create();
            ended.set(true);
            load.join();
            var verified = run(elsewhere, "verify", backup);
            assertThat(verified.code()).as(verified.out() + verified.err()).isZero();
            assertThat(verified.out()).contains("events of the journal read", "rows of the audit read", "all is well");
            assertThat(verified.err()).contains("The simulated account is not in it");
        }
        var restored = run(elsewhere, "restore", backup);
        assertThat(restored.code()).as(restored.out() + restored.err()).isZero();
        assertThat(restored.out()).contains("restored: " + elsewhere.resolve("data/sim"));
        try (var gateway = GatewayFixture.start(elsewhere, Map.of("GATEWAY_CONFIG_DIR", config().toString()))) {
            gateway.awaitReady();
            for (int i = 0; i < answered.size(); i++) {
                assertThat(gateway.get("/v1/orders/" + answered.get(i)).statusCode())
                        .isEqualTo(200);
                var again = gateway.buy("before-" + i);
                assertThat(again.headers().firstValue("Idempotent-Replay")).contains("true");
                assertThat(orderId(gateway, again)).isEqualTo(answered.get(i));
            }
            assertThat(gateway.buy("after").statusCode()).isEqualTo(200);
        }
    }

    private Path config() {
        return folder.resolve("home/.config/kis-gateway");
    }

    private static String orderId(GatewayFixture gateway, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return gateway.tree(answer).path("order_id").asString();
    }

    @Test
    void stored_secrets_are_restored_where_there_are_none_and_never_replace_others() throws Exception {
        Path secrets = folder.resolve("data/secrets.json");
        String backup;
        try (var gateway = GatewayFixture.start(folder)) {
            gateway.awaitReady();
            Files.writeString(secrets, "{\"format\":1}");
            Files.writeString(folder.resolve("data/sim/secrets.json"), "put there by an earlier release");
            backup = create();
        }

        var restored = run(elsewhere, "restore", backup);

        assertThat(restored.code()).as(restored.out() + restored.err()).isZero();
        Path target = elsewhere.resolve("data/secrets.json");
        assertThat(target).hasSameBinaryContentAs(secrets);
        assertThat(elsewhere.resolve("data/sim/secrets.json")).doesNotExist();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-------");
        assertThat(restored.out()).contains("stored secrets of all environments: " + target);
        assertThat(restored.err()).doesNotContain("The stored secrets here differ");

        assertThat(run(elsewhere, "restore", backup, "--replace").err())
                .doesNotContain("The stored secrets here differ");

        Files.writeString(target, "{\"format\":2}");
        restored = run(elsewhere, "restore", backup, "--replace");
        assertThat(restored.code()).as(restored.out() + restored.err()).isZero();
        assertThat(target).hasContent("{\"format\":2}");
        assertThat(restored.err()).contains("The stored secrets here differ from those of the backup, and stay.");
        try (var files = Files.list(elsewhere.resolve("data"))) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("secrets.json.restored.")))
                    .singleElement()
                    .satisfies(other -> assertThat(other).hasSameBinaryContentAs(secrets));
        }
    }

    @Test
    void a_folder_with_data_is_replaced_on_request_alone_and_is_set_aside() throws Exception {
        GatewayFixture.start(folder).close();
        String backup = create();
        assertThat(run(folder, "verify", backup).err()).doesNotContain("simulated account");
        GatewayFixture.start(folder).close(); // another owner, after the backup
        GatewayFixture.start(folder).close();
        var refused = run(folder, "restore", backup);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("has data already", "--replace");
        try (var running = GatewayFixture.start(folder)) {
            assertThat(running.get("/health/live").statusCode()).isEqualTo(200);
            var used = run(folder, "restore", backup, "--replace");
            assertThat(used.code()).isEqualTo(3);
            assertThat(used.err()).contains("A gateway (process").contains("stop it first");
        }
        var restored = run(folder, "restore", backup, "--replace");
        assertThat(restored.code()).as(restored.err()).isZero();
        try (var folders = Files.list(folder.resolve("data"))) {
            assertThat(folders.map(it -> it.getFileName().toString()))
                    .hasSize(2)
                    .contains("sim")
                    .anyMatch(name -> name.startsWith("sim.replaced."));
        }
        // Four owners had numbers before: none of theirs is used again.
        assertThat(Files.readString(folder.resolve("data/sim/journal.position")))
                .contains("fence 4");
        GatewayFixture.start(folder).close();
    }

    @Test
    void a_restore_after_one_that_ended_between_its_renames_gives_out_no_number_of_an_owner_again() throws Exception {
        GatewayFixture.start(folder).close();
        String backup = create();
        GatewayFixture.start(folder).close(); // another owner, after the backup
        GatewayFixture.start(folder).close();
        Path data = folder.resolve("data");
        Files.move(data.resolve("sim"), data.resolve("sim.replaced.20261130T010000000Z"));

        var restored = run(folder, "restore", backup);

        assertThat(restored.code()).as(restored.err()).isZero();
        assertThat(Files.readString(data.resolve("sim/journal.position"))).contains("fence 3");
    }

    @Test
    void a_damaged_backup_is_found_and_restores_nothing() throws Exception {
        GatewayFixture.start(folder).close();
        Path backup = Path.of(create());
        byte[] bytes = Files.readAllBytes(backup);
        bytes[insideLargestFile(backup, bytes)] ^= 1;
        Path damaged = Files.write(elsewhere.resolve("damaged.zip"), bytes);
        var verified = run(elsewhere, "verify", damaged.toString());
        assertThat(verified.code()).isEqualTo(1);
        assertThat(run(elsewhere, "restore", damaged.toString()).code()).isEqualTo(1);
        assertThat(elsewhere.resolve("data")).doesNotExist();

        Path half = Files.write(elsewhere.resolve("half.zip"), List.of());
        Files.write(half, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertThat(run(elsewhere, "verify", half.toString()).err()).contains("is no complete backup");
        assertThat(run(elsewhere, "verify", "nothing.zip").err()).contains("There is no backup");
    }

    /** Between the contents of two files a byte may have any value, as that of a time. */
    private static int insideLargestFile(Path backup, byte[] bytes) throws IOException {
        try (var zip = new ZipFile(backup.toFile())) {
            ZipEntry largest = zip.stream()
                    .max(Comparator.comparingLong(ZipEntry::getCompressedSize))
                    .orElseThrow();
            int name = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(largest.getName());
            return name + largest.getName().length() + (int) largest.getCompressedSize() / 2;
        }
    }

    @Test
    void a_backup_whose_names_lead_out_of_the_folder_or_that_has_further_files_is_refused() throws Exception {
        GatewayFixture.start(folder).close();
        Path backup = Path.of(create());
        Path outside =
                rewritten(backup, "outside.zip", manifest -> manifest.replace("\"identity\"", "\"../identity\""));
        var escaped = run(elsewhere, "restore", outside.toString());
        assertThat(escaped.code()).isEqualTo(1);
        assertThat(escaped.out()).contains("../identity is no name below a data folder");
        assertThat(elsewhere.resolve("data")).doesNotExist();
        Path newer = rewritten(backup, "newer.zip", manifest -> manifest.replace("\"form\" : 1", "\"form\" : 2"));
        assertThat(run(elsewhere, "verify", newer.toString()).err()).contains("was made by a newer release");
        Path less = rewritten(backup, "less.zip", manifest -> manifest.replace("\"identity\"", "\"identities\""));
        assertThat(run(elsewhere, "verify", less.toString()).out())
                .contains("identities is missing", "identity is not in the manifest");
    }

    private Path rewritten(Path backup, String name, java.util.function.UnaryOperator<String> manifest)
            throws IOException {
        Path file = elsewhere.resolve(name);
        try (var from = new ZipFile(backup.toFile());
                var to = new ZipOutputStream(Files.newOutputStream(file))) {
            for (var entry : from.stream().toList()) {
                to.putNextEntry(new ZipEntry(entry.getName()));
                byte[] bytes = from.getInputStream(entry).readAllBytes();
                to.write(
                        entry.getName().equals("manifest.json")
                                ? manifest.apply(new String(bytes, StandardCharsets.UTF_8))
                                        .getBytes(StandardCharsets.UTF_8)
                                : bytes);
                to.closeEntry();
            }
        }
        return file;
    }

    @Test
    void a_backup_into_the_data_folder_or_of_no_folder_is_refused() throws Exception {
        var nothing = run(folder, "create");
        assertThat(nothing.code()).isEqualTo(2);
        assertThat(nothing.err()).contains("There is no data in");
        GatewayFixture.start(folder).close();
        var inside = run(folder, "create", "--to", "data/sim/backups");
        assertThat(inside.code()).isEqualTo(1);
        assertThat(inside.err()).contains("is in the data folder");
        try (var left = Files.walk(folder)) {
            assertThat(left.map(String::valueOf)).noneMatch(path -> path.contains("kis-backup"));
        }
    }

    @Test
    void the_daily_backup_is_made_once_keeps_some_and_leaves_the_gateway_the_only_owner_of_its_folder()
            throws Exception {
        Path backups = Files.createDirectories(elsewhere.resolve("daily"));
        Files.createFile(backups.resolve("kis-backup-sim-20200101T000000Z.zip"));
        Files.createFile(backups.resolve("kis-backup-sim-20200102T000000Z.zip"));
        Files.createFile(backups.resolve("kis-backup-live-20200101T000000Z.zip"));
        var now = new AtomicReference<>(Instant.parse("2026-11-20T00:00:00Z"));
        try (var gateway = GatewayFixture.start(folder)) {
            gateway.awaitReady();
            var schedule = schedule(gateway, backups, now::get);
            schedule.check();
            assertThat(names(backups))
                    .containsExactlyInAnyOrder(
                            "kis-backup-live-20200101T000000Z.zip",
                            "kis-backup-sim-20200102T000000Z.zip",
                            "kis-backup-sim-20261120T000000Z.zip");
            assertThat(schedule.newest()).contains(now.get());
            now.set(Instant.parse("2026-11-20T22:29:59Z")); // 07:29:59 of the next day in Seoul
            schedule.check();
            assertThat(names(backups)).hasSize(3);
            now.set(Instant.parse("2026-11-20T22:30:00Z"));
            schedule.check();
            assertThat(names(backups))
                    .containsExactlyInAnyOrder(
                            "kis-backup-live-20200101T000000Z.zip",
                            "kis-backup-sim-20261120T000000Z.zip",
                            "kis-backup-sim-20261120T223000Z.zip");
            // A copy that closed the journal's file would have ended the lock on it.
            Files.delete(folder.resolve("data/sim/gateway.lock"));
            assertThat(journalLocked()).contains("uses the data folder");
        }
    }

    /** What another process gets that opens the folder for a journal command. */
    private String journalLocked() throws Exception {
        var process = MainProcess.of(List.of(), "journal", "verify", "--data-dir=" + folder.resolve("data"))
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(3);
        return output;
    }

    @Test
    void a_daily_backup_that_fails_is_an_alert_until_one_succeeds() throws Exception {
        Path backups = elsewhere.resolve("daily");
        Files.createFile(backups); // a file in the place of the folder
        var now = new AtomicReference<>(Instant.parse("2026-11-20T00:00:00Z"));
        try (var gateway = GatewayFixture.start(folder)) {
            var alerts = new AlertLog();
            var schedule = schedule(gateway, backups, now::get, alerts);
            schedule.check();
            assertThat(alerts.newest(10)).singleElement().satisfies(alert -> {
                assertThat(alert.event()).isEqualTo("backup_failed");
                assertThat(alert.settledAt()).isEmpty();
            });
            Files.delete(backups);
            now.set(now.get().plusSeconds(599));
            schedule.check();
            assertThat(backups).doesNotExist();
            now.set(now.get().plusSeconds(1));
            schedule.check();
            assertThat(names(backups)).hasSize(1);
            assertThat(alerts.newest(10))
                    .singleElement()
                    .satisfies(alert -> assertThat(alert.settledAt()).isPresent());
        }
    }

    private BackupSchedule schedule(GatewayFixture gateway, Path backups, InstantSource clock) {
        return schedule(gateway, backups, clock, new AlertLog());
    }

    private BackupSchedule schedule(GatewayFixture gateway, Path backups, InstantSource clock, AlertLog alerts) {
        return new BackupSchedule(
                new Backup(gateway.settings().dataDir(), "sim", "1.0.0", clock),
                backups,
                "sim",
                LocalTime.of(7, 30),
                2,
                new AlertSource(alerts, AlertEvent.BACKUP_FAILED, clock),
                clock);
    }

    private static List<String> names(Path folder) {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
