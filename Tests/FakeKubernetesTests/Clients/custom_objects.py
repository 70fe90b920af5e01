# SPDX-License-Identifier: Apache-2.0
"""custom_objects.py KUBECONFIG GROUP NAMESPACE: works on widgets with the Kubernetes client of Python, prints what it saw."""

import json
import sys

from kubernetes import client, config, dynamic, watch

kubeconfig, group, namespace = sys.argv[1:]
config.load_kube_config(kubeconfig)
seen = {}

core = client.CoreV1Api()
core.create_namespaced_config_map(
    namespace, client.V1ConfigMap(metadata=client.V1ObjectMeta(generate_name="made-"), data={"a": "b"})
)
seen["maps"] = [m.metadata.name[:5] for m in core.list_namespaced_config_map(namespace).items if m.data == {"a": "b"}]

custom = client.CustomObjectsApi()
call = {"group": group, "version": "v1", "namespace": namespace, "plural": "widgets"}
body = {"apiVersion": f"{group}/v1", "kind": "Widget", "metadata": {"name": "snake"}, "spec": {"size": 1}}
made = custom.create_namespaced_custom_object(body=body, **call)
start = made["metadata"]["resourceVersion"]

changed = custom.patch_namespaced_custom_object(name="snake", body={"spec": {"size": 2}}, **call)
seen["size"] = changed["spec"]["size"]
changed["spec"]["size"] = 3
custom.replace_namespaced_custom_object(name="snake", body=changed, **call)
try:
    custom.replace_namespaced_custom_object(name="snake", body=changed, **call)
except client.ApiException as error:
    seen["old version"] = error.status
custom.delete_namespaced_custom_object(name="snake", **call)
try:
    custom.get_namespaced_custom_object(name="snake", **call)
except client.ApiException as error:
    seen["deleted"] = (error.status, json.loads(error.body)["reason"])

events = []
stream = watch.Watch()
for event in stream.stream(
    custom.list_namespaced_custom_object, resource_version=start, timeout_seconds=30, **call
):
    events.append((event["type"], event["object"]["spec"]["size"]))
    if event["type"] == "DELETED":
        stream.stop()
seen["events"] = events

widgets = dynamic.DynamicClient(client.ApiClient()).resources.get(api_version=f"{group}/v1", kind="Widget")
applied = widgets.server_side_apply(
    name="python", namespace=namespace, field_manager="python", body={**body, "metadata": {"name": "python"}}
)
seen["managers"] = [entry["manager"] for entry in applied.metadata.managedFields]
print(json.dumps(seen))
