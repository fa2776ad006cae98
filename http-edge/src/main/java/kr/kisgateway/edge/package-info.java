/**
 * Common rules of every listener of the product: which pages may call it ({@link kr.kisgateway.edge.OriginRule}), which
 * upgrades ({@link kr.kisgateway.edge.UpgradeRule}) and bodies ({@link kr.kisgateway.edge.BodyRule}) are readable, and that it has no HTTP sessions ({@link
 * kr.kisgateway.edge.Sessionless}). A rule for one listener only belongs to that listener.
 */
@NullMarked
package kr.kisgateway.edge;

import org.jspecify.annotations.NullMarked;
