// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension ConfigurationSection {
    /// Whoever may enter the folder of the public socket must not come near the admin socket.
    func adminSocketPath(besides publicPath: String) -> String? {
        guard let setting = text("admin_socket_path") else { return nil }
        guard !Self.folder(of: setting.value).starts(with: Self.folder(of: publicPath)) else {
            faults.error(
                "admin socket cannot be in the same directory or a subdirectory as that containing the Workload API "
                    + "socket", at: setting.place, cure: "name a folder outside of that of socket_path")
            return nil
        }
        return setting.value
    }

    func authorizedDelegates(in trustDomain: TrustDomain?) -> [SPIFFEID] {
        texts("authorized_delegates").compactMap { setting in
            do throws(SPIFFEError) {
                let id = try SPIFFEID(setting.value)
                guard let trustDomain, id.trustDomain != trustDomain else { return id }
                faults.error(
                    "error validating authorized delegate: \(id.uri.quoted) is not a member of trust domain "
                        + trustDomain.name.quoted, at: setting.place)
            } catch {
                faults.error(
                    "error validating authorized delegate \(setting.value.quoted): \(error)", at: setting.place)
            }
            return nil
        }
    }

    /// The steps to the folder that a file is in, without detours.
    private static func folder(of path: String) -> [Substring] {
        var steps: [Substring] = path.hasPrefix("/") ? ["/"] : []
        for step in path.split(separator: "/").dropLast() where step != "." {
            if step == "..", let last = steps.last, last != ".." {
                if last != "/" { steps.removeLast() }
            } else {
                steps.append(step)
            }
        }
        return steps
    }
}
