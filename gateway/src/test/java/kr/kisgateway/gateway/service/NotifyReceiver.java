package kr.kisgateway.gateway.service;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A socket of datagrams in place of systemd's, which keeps all messages. */
public final class NotifyReceiver implements AutoCloseable {
    private static final int UNIX = 1;
    private static final int DATAGRAM = 2;
    private static final int ADDRESS_BYTES = 110;
    private static final int MESSAGE_MAX = 4_096;
    private static final String END = "END";

    private final Path file;
    private final Arena arena = Arena.ofShared();
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final int descriptor;
    private final Thread thread;

    /** Receives at {@code file}, a name that does not exist yet. */
    public NotifyReceiver(Path file) {
        this.file = file;
        var address = arena.allocate(ADDRESS_BYTES, Short.BYTES);
        address.set(JAVA_SHORT, 0, (short) UNIX);
        var name = file.toString().getBytes(StandardCharsets.UTF_8);
        MemorySegment.copy(name, 0, address, JAVA_BYTE, 2, name.length);
        descriptor = (int) call(
                function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT)), UNIX, DATAGRAM, 0);
        int bound = (int) call(
                function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT)),
                descriptor,
                address,
                2 + name.length + 1);
        if (descriptor < 0 || bound != 0) {
            throw new AssertionError("no socket at " + file);
        }
        thread = Thread.ofPlatform().daemon().name("notify-receiver").start(this::receive);
    }

    private void receive() {
        var buffer = arena.allocate(MESSAGE_MAX);
        var receive = function("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
        while (true) {
            long length = (long) call(receive, descriptor, buffer, (long) MESSAGE_MAX, 0);
            if (length < 0) {
                return;
            }
            var text = new String(buffer.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
            if (text.equals(END)) {
                return;
            }
            messages.add(text);
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor form) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), form);
    }

    private static Object call(MethodHandle function, Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /** All messages so far. */
    public List<String> messages() {
        return List.copyOf(messages);
    }

    /** Messages to the watchdog so far. */
    public long beats() {
        return messages.stream().filter("WATCHDOG=1"::equals).count();
    }

    /** The variables of a service that reports here. */
    public java.util.Map<String, String> variables(Duration watchdog) {
        return java.util.Map.of(
                "NOTIFY_SOCKET", file.toString(), "WATCHDOG_USEC", String.valueOf(watchdog.toNanos() / 1_000));
    }

    @Override
    public void close() throws Exception {
        try (var last = NotifySocket.open(file.toString())) {
            last.send(END, true);
        }
        thread.join(Duration.ofSeconds(10));
        call(function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT)), descriptor);
        arena.close();
    }
}
