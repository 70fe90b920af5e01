// SPDX-License-Identifier: Apache-2.0

package import ComityConfiguration
import ComityKubernetes
import SPIFFE

extension ControllerConfiguration {
    static let apiVersion = "spire.spiffe.io/v1alpha1"
    static let kind = "ControllerManagerConfig"

    /// Reads the file that the flags name.
    ///
    /// - Parameter environment: What `-expand-env` takes values from.
    /// - Throws: All that is wrong, at once.
    package static func load(
        _ flags: ControllerFlags, environment: [String: String]
    ) throws(ConfigurationFaults) -> LoadedConfiguration<ControllerConfiguration> {
        guard !flags.config.isEmpty else {
            throw failure("", "no configuration is named: give the path of a \(kind) by -config")
        }
        let file = try ConfigurationFile(
            path: flags.config, expanding: flags.expandsEnvironment ? environment : nil)
        return try read(file, flags)
    }

    package static func read(
        _ file: ConfigurationFile, _ flags: ControllerFlags = ControllerFlags()
    ) throws(ConfigurationFaults) -> LoadedConfiguration<ControllerConfiguration> {
        let documents: [JSONValue]
        do throws(KubernetesError) {
            documents = try YAML.documents(file.text, maximumBytes: file.text.utf8.count)
        } catch {
            throw failure(file.name, error.message)
        }
        guard let root = documents.first?.object, documents.count == 1 else {
            throw failure(file.name, "must hold one object of kind \(kind)")
        }
        guard root["apiVersion"]?.string == apiVersion, root["kind"]?.string == kind else {
            throw failure(file.name, "must begin with \"apiVersion: \(apiVersion)\" and \"kind: \(kind)\"")
        }
        let faults = FaultList(file: file.name)
        let configuration = ControllerConfigurationReader(root, faults).read(flags)
        guard let configuration, faults.errors.isEmpty else {
            throw ConfigurationFaults(faults.errors + faults.warnings)
        }
        return LoadedConfiguration(configuration: configuration, warnings: faults.warnings)
    }

    private static func failure(_ file: String, _ message: String) -> ConfigurationFaults {
        ConfigurationFaults([ConfigurationFault(.error, file: file, place: nil, message: message)])
    }
}
