/**
 * {@code ./kis orders …} and the other commands of an operator for a running gateway.
 *
 * <p>They use the gateway's published API through {@code gateway-client}, as a customer's program would, and none of
 * its classes. {@link kr.kisgateway.cli.Main} provides the process environment, {@link kr.kisgateway.cli.Kis} contains
 * all commands, {@link kr.kisgateway.cli.GatewayConnection} sends requests and repeats those that may be repeated,
 * {@link kr.kisgateway.cli.Screen} prints. A command is a class with picocli's annotations; its English description is
 * followed by a Korean one.
 *
 * <p>To add a command: a subclass of {@link kr.kisgateway.cli.GatewayCommand}, its entry in {@code Kis}, a line in the
 * launcher when its name is new there, and a section in {@code docs/CLI.md}.
 */
@NullMarked
package kr.kisgateway.cli;

import org.jspecify.annotations.NullMarked;
