"""How gazu behaves when networks, servers, disks or programs fail."""
