// Each test is several containers.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
