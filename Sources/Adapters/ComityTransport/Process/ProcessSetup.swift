// SPDX-License-Identifier: Apache-2.0

package import Logging

/// What a server or agent process does before anything else.
package enum ProcessSetup {
    /// Tightens the creation mask and raises the descriptor limit.
    package static func prepare(logger: Logger) {
        if let mask = CreationMask.tighten() {
            logger.warning(
                "Current umask is too permissive; setting umask",
                metadata: ["umask": "0\(String(mask.old, radix: 8))", "new_umask": "0\(String(mask.new, radix: 8))"])
        }
        let descriptors = DescriptorLimit.raise()
        logger.debug("Descriptor limit raised", metadata: ["limit": "\(descriptors)"])
    }
}
