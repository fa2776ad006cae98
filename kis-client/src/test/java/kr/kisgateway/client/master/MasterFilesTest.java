package kr.kisgateway.client.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import kr.kisgateway.client.fetch.TestWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class MasterFilesTest {
    private static final String KOSPI = "/master/kospi_code.mst.zip";
    /** 09:00 in Seoul. */
    private static final Instant MORNING = Instant.parse("2026-11-20T00:00:00Z");

    private final TestWebServer web = TestWebServer.open();
    private final AtomicReference<Instant> clock = new AtomicReference<>(MORNING);

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        web.close();
    }

    @Test
    void a_file_is_downloaded_unpacked_read_and_stored() throws IOException {
        serve(10);
        try (MasterFiles files = open()) {
            MasterCopy copy = ok(files.get(MasterFile.KOSPI));
            assertThat(copy.table().stocks()).hasSize(10);
            assertThat(copy.fetchedAt()).isEqualTo(MORNING);
            assertThat(copy.age(MORNING.plusSeconds(90))).isEqualTo(Duration.ofSeconds(90));
            assertThat(copy.trouble()).isEmpty();
        }
        assertThat(Files.readAllBytes(folder.resolve("kospi_code.mst")))
                .isEqualTo(MstPrinter.stocks(MasterFile.KOSPI, 10));
        assertThat(Files.getLastModifiedTime(folder.resolve("kospi_code.mst")).toInstant())
                .isEqualTo(MORNING);
        try (var stored = Files.list(folder)) {
            assertThat(stored).hasSize(1);
        }
    }

    @Test
    void a_file_that_is_not_zipped_is_read_directly() {
        web.respondAt("/master/memcode.mst", 200, MstPrinter.sample("memcode.mst"));
        try (MasterFiles files = open()) {
            assertThat(ok(files.get(MasterFile.MEMBERS)).table().rows()).hasSize(2);
        }
    }

    @Test
    void a_file_is_downloaded_once_a_day_after_the_refresh_time() {
        serve(10);
        try (MasterFiles files = open()) {
            ok(files.get(MasterFile.KOSPI));
            clock.set(MORNING.plus(Duration.ofHours(21)).plusSeconds(3599)); // 06:59:59 of the next day
            ok(files.get(MasterFile.KOSPI));
            assertThat(web.requestCount(KOSPI)).isEqualTo(1);
            clock.set(MORNING.plus(Duration.ofHours(22)));
            serve(11);
            assertThat(ok(files.get(MasterFile.KOSPI)).table().stocks()).hasSize(11);
            assertThat(web.requestCount(KOSPI)).isEqualTo(2);
            serve(12);
            assertThat(ok(files.refresh(MasterFile.KOSPI)).table().stocks()).hasSize(12);
        }
    }

    @Test
    void a_restart_reads_todays_copy_from_disk_without_a_download() {
        serve(10);
        try (MasterFiles files = open()) {
            ok(files.get(MasterFile.KOSPI));
        }
        try (MasterFiles files = open()) {
            MasterCopy copy = ok(files.get(MasterFile.KOSPI));
            assertThat(copy.table().stocks()).hasSize(10);
            assertThat(copy.fetchedAt()).isEqualTo(MORNING);
        }
        assertThat(web.requestCount(KOSPI)).isEqualTo(1);
    }

    @Test
    void a_stored_file_of_any_age_is_read_without_a_download() {
        try (MasterFiles files = open()) {
            assertThat(files.storedCopy(MasterFile.KOSPI)).isEmpty();
            serve(10);
            ok(files.get(MasterFile.KOSPI));
        }
        clock.set(MORNING.plus(Duration.ofDays(400)));
        try (MasterFiles files = open()) {
            MasterCopy stored = files.storedCopy(MasterFile.KOSPI).orElseThrow();
            assertThat(stored.table().stocks()).hasSize(10);
            assertThat(stored.fetchedAt()).isEqualTo(MORNING);
        }
        assertThat(web.requestCount(KOSPI)).isEqualTo(1);
    }

    @Test
    void a_copy_from_the_future_is_renewed() throws IOException {
        serve(10);
        Files.write(folder.resolve("kospi_code.mst"), MstPrinter.stocks(MasterFile.KOSPI, 9));
        Files.setLastModifiedTime(folder.resolve("kospi_code.mst"), FileTime.from(MORNING.plus(Duration.ofDays(1000))));
        try (MasterFiles files = open()) {
            assertThat(ok(files.get(MasterFile.KOSPI)).table().stocks()).hasSize(10);
        }
    }

    @Test
    void a_failed_download_returns_the_last_good_copy_with_its_failure_and_age() {
        serve(10);
        try (MasterFiles files = open()) {
            ok(files.get(MasterFile.KOSPI));
            web.respondAt(KOSPI, 503, new byte[0]);
            clock.set(MORNING.plus(Duration.ofDays(2)));
            MasterCopy copy = ok(files.get(MasterFile.KOSPI));
            assertThat(copy.table().stocks()).hasSize(10);
            assertThat(copy.age(clock.get())).isEqualTo(Duration.ofDays(2));
            assertThat(copy.trouble()).hasValueSatisfying(it -> {
                assertThat(it.code()).isEqualTo(MasterFailure.Code.HTTP_STATUS);
                assertThat(it.cause()).contains("503");
                assertThat(it.retryable()).isTrue();
            });
        }
    }

    @Test
    void a_failed_renewal_is_retried_after_the_configured_pause() {
        try (MasterFiles files = open()) {
            assertThat(failed(files.get(MasterFile.KOSPI)).code()).isEqualTo(MasterFailure.Code.HTTP_STATUS);
            clock.set(MORNING.plus(Duration.ofMinutes(9)));
            failed(files.get(MasterFile.KOSPI));
            assertThat(web.requestCount(KOSPI)).isEqualTo(1);
            serve(10);
            clock.set(MORNING.plus(Duration.ofMinutes(10)));
            ok(files.get(MasterFile.KOSPI));
        }
    }

    @Test
    void a_missing_file_is_reported_with_the_address_to_check() {
        try (MasterFiles files = open()) {
            MasterFailure failure = failed(files.get(MasterFile.KOSPI));
            assertThat(failure.cause()).contains("kospi_code.mst.zip").contains("404");
            assertThat(failure.remedy()).contains("address");
            assertThat(failure.retryable()).isFalse();
        }
    }

    @Test
    void a_server_that_never_finishes_times_out() {
        web.stallAt(KOSPI);
        try (MasterFiles files = open(config(Duration.ofMillis(300), 1 << 20, 1 << 20))) {
            assertThat(failed(files.get(MasterFile.KOSPI)).code()).isEqualTo(MasterFailure.Code.TIMEOUT);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 40, 200, 1000})
    void a_zip_that_was_cut_anywhere_is_refused(int length) {
        byte[] zip = TestWebServer.zip("kospi_code.mst", MstPrinter.stocks(MasterFile.KOSPI, 500));
        assertThat(zip.length).isGreaterThan(1000);
        web.respondAt(KOSPI, 200, Arrays.copyOf(zip, length));
        try (MasterFiles files = open()) {
            assertThat(failed(files.get(MasterFile.KOSPI)).code()).isEqualTo(MasterFailure.Code.BAD_ZIP);
        }
    }

    @Test
    void a_zip_with_a_flipped_bit_is_refused() {
        byte[] zip = TestWebServer.zip("kospi_code.mst", MstPrinter.stocks(MasterFile.KOSPI, 500));
        zip[zip.length / 2] ^= 1;
        web.respondAt(KOSPI, 200, zip);
        try (MasterFiles files = open()) {
            assertThat(failed(files.get(MasterFile.KOSPI)).code())
                    .isIn(MasterFailure.Code.BAD_ZIP, MasterFailure.Code.TOO_MANY_BAD_LINES);
        }
    }

    @Test
    void a_page_instead_of_a_zip_is_refused() {
        web.respondAt(KOSPI, 200, "<html>maintenance</html>".getBytes(MstPrinter.CP949));
        try (MasterFiles files = open()) {
            assertThat(failed(files.get(MasterFile.KOSPI)).code()).isEqualTo(MasterFailure.Code.BAD_ZIP);
        }
    }

    @Test
    void a_zip_bomb_is_refused_before_it_is_unpacked() {
        byte[] zip = TestWebServer.zip("kospi_code.mst", new byte[4 << 20]);
        assertThat(zip.length).isLessThan(1 << 16);
        web.respondAt(KOSPI, 200, zip);
        try (MasterFiles files = open(config(Duration.ofSeconds(20), 1 << 16, 1 << 20))) {
            MasterFailure failure = failed(files.get(MasterFile.KOSPI));
            assertThat(failure.code()).isEqualTo(MasterFailure.Code.TOO_LARGE);
            assertThat(failure.cause()).contains("unpacks");
        }
    }

    @Test
    void a_download_that_is_too_large_is_not_read_to_its_end() {
        web.respondAt(KOSPI, 200, new byte[(1 << 16) + 1]);
        try (MasterFiles files = open(config(Duration.ofSeconds(20), 1 << 16, 1 << 20))) {
            assertThat(failed(files.get(MasterFile.KOSPI)).code()).isEqualTo(MasterFailure.Code.TOO_LARGE);
        }
    }

    @Test
    void an_untrusted_certificate_is_refused_and_the_remedy_keeps_the_check_enabled() {
        try (TestWebServer untrusted = TestWebServer.openUntrusted();
                MasterFiles files = open(MasterFilesConfig.standard(folder).from(untrusted.base()))) {
            MasterFailure failure = failed(files.get(MasterFile.KOSPI));
            assertThat(failure.code()).isEqualTo(MasterFailure.Code.TLS);
            assertThat(failure.remedy()).contains("enableAIAcaIssuers").contains("stays on");
        }
    }

    @Test
    void a_file_that_lost_more_than_a_fifth_of_its_lines_is_refused_and_the_last_good_copy_stays() {
        serve(100);
        try (MasterFiles files = open()) {
            ok(files.get(MasterFile.KOSPI));
            serve(79);
            MasterCopy copy = ok(files.refresh(MasterFile.KOSPI));
            assertThat(copy.table().stocks()).hasSize(100);
            assertThat(copy.trouble()).hasValueSatisfying(it -> {
                assertThat(it.code()).isEqualTo(MasterFailure.Code.SHRUNK);
                assertThat(it.cause()).isEqualTo("79 lines are left of 100");
            });
            serve(80);
            assertThat(ok(files.refresh(MasterFile.KOSPI)).table().stocks()).hasSize(80);
        }
    }

    @Test
    void the_copy_on_disk_is_what_a_file_is_compared_with_after_a_restart() {
        serve(100);
        try (MasterFiles files = open()) {
            ok(files.get(MasterFile.KOSPI));
        }
        serve(10);
        clock.set(MORNING.plus(Duration.ofDays(1)));
        try (MasterFiles files = open()) {
            assertThat(ok(files.get(MasterFile.KOSPI)).table().stocks()).hasSize(100);
        }
    }

    @Test
    void a_file_with_too_many_bad_lines_is_refused_and_the_first_is_named() {
        byte[] garbage = new byte[5000];
        Arrays.fill(garbage, (byte) 'x');
        web.respondAt(KOSPI, 200, TestWebServer.zip("kospi_code.mst", garbage));
        try (MasterFiles files = open()) {
            MasterFailure failure = failed(files.get(MasterFile.KOSPI));
            assertThat(failure.code()).isEqualTo(MasterFailure.Code.TOO_MANY_BAD_LINES);
            assertThat(failure.cause()).contains("line 1:");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_damaged_stored_copy_is_ignored() throws IOException {
        Files.writeString(folder.resolve("kospi_code.mst"), "nonsense");
        try (MasterFiles files = open()) {
            failed(files.get(MasterFile.KOSPI));
            serve(5);
            assertThat(ok(files.refresh(MasterFile.KOSPI)).table().stocks()).hasSize(5);
        }
    }

    @Test
    void a_table_that_cannot_be_stored_is_returned_with_a_failure() throws IOException {
        Path notAFolder = Files.writeString(folder.resolve("file"), "");
        serve(10);
        try (MasterFiles files = open(MasterFilesConfig.standard(notAFolder).from(web.base()))) {
            MasterCopy copy = ok(files.get(MasterFile.KOSPI));
            assertThat(copy.table().stocks()).hasSize(10);
            assertThat(copy.trouble().map(MasterFailure::code)).contains(MasterFailure.Code.NOT_KEPT);
            ok(files.get(MasterFile.KOSPI));
            assertThat(web.requestCount(KOSPI)).isEqualTo(1);
        }
    }

    @Test
    void concurrent_callers_cause_one_download() throws InterruptedException {
        var arrived = new CountDownLatch(1);
        byte[] zip = TestWebServer.zip("kospi_code.mst", MstPrinter.stocks(MasterFile.KOSPI, 10));
        web.respondAt(KOSPI, exchange -> {
            arrived.countDown();
            exchange.sendResponseHeaders(200, zip.length);
            exchange.getResponseBody().write(zip);
        });
        try (MasterFiles files = open()) {
            var callers = IntStream.range(0, 50)
                    .mapToObj(_ -> Thread.ofVirtual().start(() -> ok(files.get(MasterFile.KOSPI))))
                    .toList();
            arrived.await();
            for (Thread caller : callers) {
                caller.join();
            }
        }
        assertThat(web.requestCount(KOSPI)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://example.com/master/", "https://example.com/master", "ftp://example.com/"})
    void an_address_that_cannot_be_trusted_or_has_no_folder_is_refused_at_once(URI base) {
        assertThatThrownBy(() -> MasterFilesConfig.standard(folder).from(base))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void serve(int stocks) {
        // The broker's entry names come in capitals and in small letters.
        web.respondAt(KOSPI, 200, TestWebServer.zip("KOSPI_CODE.MST", MstPrinter.stocks(MasterFile.KOSPI, stocks)));
    }

    private MasterFiles open() {
        return open(config(Duration.ofSeconds(20), 1 << 20, 1 << 20));
    }

    private MasterFiles open(MasterFilesConfig config) {
        return MasterFiles.open(config, clock::get);
    }

    private MasterFilesConfig config(Duration timeout, int downloadBytesMax, int fileBytesMax) {
        MasterFilesConfig standard = MasterFilesConfig.standard(folder).from(web.base());
        return new MasterFilesConfig(
                standard.base(),
                standard.folder(),
                standard.refreshAt(),
                standard.retryAfter(),
                timeout,
                downloadBytesMax,
                fileBytesMax,
                standard.shrinkPercentMax(),
                Optional.empty());
    }

    private static MasterCopy ok(MasterReply reply) {
        assertThat(reply).isInstanceOf(MasterReply.Ok.class);
        return ((MasterReply.Ok) reply).copy();
    }

    private static MasterFailure failed(MasterReply reply) {
        assertThat(reply).isInstanceOf(MasterReply.Failed.class);
        return ((MasterReply.Failed) reply).failure();
    }
}
