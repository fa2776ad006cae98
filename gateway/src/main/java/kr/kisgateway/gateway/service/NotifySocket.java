package kr.kisgateway.gateway.service;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * Sends datagrams to a Unix socket of Linux, which Java's own channels cannot: three functions of the C library. One thread at a time.
 */
final class NotifySocket implements AutoCloseable {
    /** Bytes of the address: its family and the name. */
    private static final int ADDRESS_BYTES = 110;

    private static final int NAME_AT = 2;
    private static final short FAMILY_UNIX = 1;
    private static final int TYPE_DATAGRAM = 2;
    private static final int CLOSE_ON_EXEC = 0x80000;
    private static final int NO_SIGNAL = 0x4000;
    private static final int DO_NOT_WAIT = 0x40;
    /** The byte 0 after the name of a file. */
    private static final int END_OF_NAME = 1;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment address;
    private final int addressBytes;
    private final Calls calls;
    private final int descriptor;

    /** The functions, with the system's error number beside each. */
    private record Calls(MethodHandle socket, MethodHandle send, MethodHandle close, MemorySegment errno) {
        private static final MemoryLayout ERRNO = Linker.Option.captureStateLayout();

        static Calls link(Arena arena) {
            var linker = Linker.nativeLinker();
            var library = linker.defaultLookup();
            var errno = Linker.Option.captureCallState("errno");
            return new Calls(
                    linker.downcallHandle(
                            library.findOrThrow("socket"),
                            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
                            errno),
                    linker.downcallHandle(
                            library.findOrThrow("sendto"),
                            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT),
                            errno),
                    linker.downcallHandle(
                            library.findOrThrow("close"), FunctionDescriptor.of(JAVA_INT, JAVA_INT), errno),
                    arena.allocate(ERRNO));
        }

        int number() {
            return errno.get(JAVA_INT, ERRNO.byteOffset(MemoryLayout.PathElement.groupElement("errno")));
        }
    }

    private NotifySocket(String path) throws IOException {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        if (name.length > ADDRESS_BYTES - NAME_AT - 1 || !path.startsWith("/") && !path.startsWith("@")) {
            arena.close();
            throw new IOException("NOTIFY_SOCKET is no path of at most " + (ADDRESS_BYTES - NAME_AT - 1) + " bytes");
        }
        boolean isAbstract = name[0] == '@';
        if (isAbstract) {
            name[0] = 0;
        }
        address = arena.allocate(ADDRESS_BYTES, Short.BYTES);
        address.set(JAVA_SHORT, 0, FAMILY_UNIX);
        MemorySegment.copy(name, 0, address, JAVA_BYTE, NAME_AT, name.length);
        addressBytes = NAME_AT + name.length + (isAbstract ? 0 : END_OF_NAME);
        calls = Calls.link(arena);
        descriptor = (int) call(() ->
                (int) calls.socket().invokeExact(calls.errno(), (int) FAMILY_UNIX, TYPE_DATAGRAM | CLOSE_ON_EXEC, 0));
        if (descriptor < 0) {
            int error = calls.number();
            arena.close();
            throw new IOException("no socket: error " + error);
        }
    }

    /**
     * Opens a socket that sends to {@code path}; nothing is sent yet.
     *
     * @param path a file, or an abstract name after {@code @}
     */
    static NotifySocket open(String path) throws IOException {
        return new NotifySocket(path);
    }

    /**
     * Sends one datagram.
     *
     * @param waits whether to wait while the receiver's queue is full; otherwise this is a failure
     */
    void send(String text, boolean waits) throws IOException {
        try (var one = Arena.ofConfined()) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            var message = one.allocateFrom(JAVA_BYTE, bytes);
            long sent = call(() -> (long) calls.send()
                    .invokeExact(
                            calls.errno(),
                            descriptor,
                            message,
                            (long) bytes.length,
                            waits ? NO_SIGNAL : NO_SIGNAL | DO_NOT_WAIT,
                            address,
                            addressBytes));
            if (sent != bytes.length) {
                throw new IOException("not sent: error " + calls.number());
            }
        }
    }

    @Override
    public void close() {
        call(() -> (int) calls.close().invokeExact(calls.errno(), descriptor));
        arena.close();
    }

    private interface Native {
        @SuppressWarnings("IllegalThrows")
        long run() throws Throwable;
    }

    private static long call(Native function) {
        try {
            return function.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a function of the C library throws nothing", e);
        }
    }
}
