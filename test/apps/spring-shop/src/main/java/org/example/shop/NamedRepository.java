package org.example.shop;

import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.repository.NoRepositoryBean;

@NoRepositoryBean
public interface NamedRepository<T extends Named> extends JpaRepository<T, Long> {
    List<T> findByNameContainingIgnoreCaseOrderByName(String part);
}
