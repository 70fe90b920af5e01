// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import Synchronization

/// Answers the requests of the Kubernetes API from a store in memory.
///
/// It holds objects to what the API itself promises: versions, schemas, field ownership. Nothing works on the objects
/// behind it, as no controller, scheduler or kubelet is there, and nobody who is known is refused anything (no RBAC).
final class APIServer: Sendable {
    let store = ObjectStore()
    let misbehaviour: Misbehaviour
    let tokens: ServiceAccountTokens
    private let known = Mutex<(version: UInt64, catalog: TypeCatalog)?>(nil)

    init(tokens: ServiceAccountTokens, misbehaviour: Misbehaviour) {
        self.tokens = tokens
        self.misbehaviour = misbehaviour
    }

    /// The types served now: the built-in ones and those of the CustomResourceDefinitions.
    var catalog: TypeCatalog {
        let version = store.latestChange(of: .definitions)
        if let catalog = known.withLock({ $0?.version == version ? $0?.catalog : nil }) { return catalog }
        let custom = store.snapshot(of: .definitions).objects.flatMap { APIType.custom($0.value) }
        let catalog = TypeCatalog(BuiltInTypes.all + custom)
        known.withLock { $0 = (version, catalog) }
        return catalog
    }

    func respond(to request: APIRequest) -> APIResponse {
        do {
            return try answer(request)
        } catch {
            return APIResponse(error)
        }
    }

    private func answer(_ request: APIRequest) throws(APIStatus) -> APIResponse {
        switch request.path.first {
        case "healthz", "livez", "readyz": return APIResponse(text: "ok")
        case "version": return APIResponse(Discovery.version)
        default: break
        }
        guard let user = request.user else { throw .unauthorized }
        switch (request.path.first, request.path.count) {
        case (nil, _): return APIResponse(["paths": ["/api", "/apis", "/healthz", "/openapi/v2", "/version"]])
        case ("openapi", _): return try OpenAPI(catalog: catalog).response(to: request)
        case ("api", ...2), ("apis", ...3):
            let discovery = Discovery(catalog: misbehaviour.forgetsCustomTypes ? builtIn : catalog)
            return try discovery.response(to: request)
        default: return try answer(request, of: user)
        }
    }

    private func answer(_ request: APIRequest, of user: APIUser) throws(APIStatus) -> APIResponse {
        guard
            let path = ResourcePath(request.path), let type = catalog.type(at: path),
            !(type.isCustom && misbehaviour.forgetsCustomTypes),
            type.isNamespaced || path.namespace == nil
        else {
            var response = APIResponse(text: "404 page not found\n")
            response.status = 404
            return response
        }
        let call = ResourceCall(server: self, request: request, path: path, type: type)
        var response = try call.response()
        if let warning = type.deprecationWarning { response.warnings.append(warning) }
        return response
    }

    private var builtIn: TypeCatalog { TypeCatalog(BuiltInTypes.all) }
}

extension GroupResource {
    static let definitions = GroupResource(group: "apiextensions.k8s.io", plural: "customresourcedefinitions")
    static let namespaces = GroupResource(group: "", plural: "namespaces")
    static let serviceAccounts = GroupResource(group: "", plural: "serviceaccounts")
    static let pods = GroupResource(group: "", plural: "pods")
    static let nodes = GroupResource(group: "", plural: "nodes")
    static let secrets = GroupResource(group: "", plural: "secrets")
}
