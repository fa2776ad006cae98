package kr.kisgateway.gateway.http;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.SelectorManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many connections one address may have: whoever holds those leaves places to the others. One more is closed as soon as
 * it is taken, before anything of it is read, so that it keeps no place of the accept queue either.
 */
final class AddressLimit implements SelectorManager.AcceptListener {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.http");

    private final int most;
    private final int mostOfThisMachine;
    private final Map<SelectableChannel, InetAddress> open = new ConcurrentHashMap<>();
    private final Map<InetAddress, Integer> counts = new ConcurrentHashMap<>();
    private final Set<InetAddress> warned = ConcurrentHashMap.newKeySet();

    AddressLimit(int most, int mostOfThisMachine) {
        this.most = most;
        this.mostOfThisMachine = mostOfThisMachine;
    }

    @Override
    public void onAccepting(SelectableChannel channel) {
        if (!(channel instanceof SocketChannel socket)) {
            return;
        }
        try {
            if (!(socket.getRemoteAddress() instanceof InetSocketAddress remote)) {
                return; // gone already
            }
            var address = host(remote.getAddress());
            int limit = address.isLoopbackAddress() ? mostOfThisMachine : most;
            open.put(channel, address);
            int count = counts.merge(address, 1, Integer::sum);
            if (count > limit) {
                forget(channel);
                channel.close();
                // Told once until the last of its connections is gone: an attacker writes no log.
                LOG.debug("address_connections_full address={} limit={}", address.getHostAddress(), limit);
            } else if (count == limit && warned.add(address)) {
                LOG.warn("address_connections_full address={} limit={}", address.getHostAddress(), limit);
            }
        } catch (IOException e) {
            LOG.debug("connection_gone_before_it_was_taken", e);
        }
    }

    @Override
    public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
        forget(channel);
    }

    @Override
    public void onClosed(SelectableChannel channel) {
        forget(channel);
    }

    /** Of IPv6 the network: one host has all addresses of a /64. */
    private static InetAddress host(InetAddress address) throws UnknownHostException {
        if (!(address instanceof Inet6Address) || address.isLoopbackAddress()) {
            return address;
        }
        var bytes = address.getAddress();
        Arrays.fill(bytes, 8, 16, (byte) 0);
        return InetAddress.getByAddress(bytes);
    }

    private void forget(SelectableChannel channel) {
        var address = open.remove(channel);
        if (address != null) {
            counts.computeIfPresent(address, (_, count) -> {
                if (count > 1) {
                    return count - 1;
                }
                warned.remove(address);
                return null;
            });
        }
    }
}
