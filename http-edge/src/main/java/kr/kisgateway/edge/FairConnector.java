package kr.kisgateway.edge;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A listener whose connections take turns. A virtual thread keeps its processor until it waits, and the thread that
 * reads a connection does not wait while bytes are ready: as many senders without a pause as there are processors would
 * stop everything else. So a reader waits for a moment after each read, once it made several in a row.
 *
 * <p>{@link Thread#yield} is not enough: a thread that yields goes to the queue of its own processor, and while that
 * queue is not empty, tasks from other threads, new connections among them, are not started. A thread that waits is
 * queued behind them.
 */
public final class FairConnector extends ServerConnector {
    /** Reads in a row without a pause: a request needs one to three, and a pause costs about a tenth of a millisecond. */
    private static final int FREE_READS = 3;
    /** Bytes of a read after those. */
    private static final int PART_BYTES = 1_024;

    private final Set<SelectableChannel> accepted = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    public FairConnector(Server server, ConnectionFactory... factories) {
        super(server, factories);
        addBean(new Accepted());
    }

    /** Lets other virtual threads run before this one continues. */
    public static void giveWay() {
        if (Thread.currentThread().isVirtual()) {
            LockSupport.parkNanos(1);
        }
    }

    @Override
    protected void doStart() throws Exception {
        stopping = false;
        super.doStart();
    }

    /**
     * Ends the accepting by closing the listener: a thread that is interrupted while it accepts loses the connection, which stays open
     * without a reader, and its client would wait, in a process that goes on.
     */
    @Override
    protected void interruptAcceptors() {
        close();
    }

    /** Closes what was accepted and has no reader yet, too, which the library leaves open. */
    @Override
    protected void doStop() throws Exception {
        stopping = true;
        super.doStop();
        accepted.forEach(IO::close);
        accepted.clear();
    }

    /**
     * Remembers an accepted connection, before the library looks for a selector that reads it: when it finds none, because all have
     * stopped, it fails and leaves the connection open.
     */
    @Override
    protected void configure(Socket socket) {
        var channel = socket.getChannel();
        accepted.add(channel);
        super.configure(socket);
        if (stopping) {
            IO.close(channel);
        }
    }

    /** Forgets the channels that have failed. */
    private final class Accepted implements SelectorManager.AcceptListener {
        @Override
        public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
            accepted.remove(channel);
        }
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        var endPoint = new FairEndPoint(channel, selector, key, getScheduler());
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }

    private final class FairEndPoint extends SocketChannelEndPoint {
        /** Written by the reading thread alone; a new one continues where the last one ended. */
        private volatile int reads;

        FairEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
            super(channel, selector, key, scheduler);
        }

        @Override
        public void onClose(@Nullable Throwable cause) {
            accepted.remove(getChannel());
            super.onClose(cause);
        }

        @Override
        public int fill(ByteBuffer buffer) throws IOException {
            var crowding = reads == FREE_READS;
            var bytes = crowding ? fillPart(buffer) : super.fill(buffer);
            reads = bytes > 0 ? Math.min(reads + 1, FREE_READS) : 0;
            if (crowding) {
                giveWay();
            }
            return bytes;
        }

        /** What is read is also processed before the next turn: 4 KiB can be hundreds of frames. */
        private int fillPart(ByteBuffer buffer) throws IOException {
            var content = BufferUtil.flipToFill(buffer);
            var start = buffer.position();
            var part = buffer.slice(start, Math.min(PART_BYTES, buffer.remaining()));
            var bytes = super.fill(part.limit(0));
            buffer.position(start + Math.max(bytes, 0));
            BufferUtil.flipToFlush(buffer, content);
            return bytes;
        }
    }
}
